/// What a check of all objects, references and reflogs found.
public struct FsckReport: Equatable, Sendable {
    /// Findings that are kept; more are only counted.
    static let mostFindings = 1000

    public struct Finding: Equatable, Sendable {
        /// Where it is: an object's id, or a model with a reference.
        public var place: String
        public var problem: String
    }

    public var objects = 0
    /// Objects by kind.
    public var kinds: [ObjectKind: Int] = [:]
    /// Of all objects, as they are read.
    public var contentBytes = 0
    /// Of all objects, as they are stored.
    public var storedBytes = 0
    public var references = 0
    public var reflogEntries = 0
    /// Versions that go on from others than their own parents, as those were let go of.
    public var grafts = 0
    /// Objects that neither a reference nor a reflog leads to; `gc` takes them away.
    public var unreachable = 0
    public var findings: [Finding] = []
    public var findingCount = 0

    public var isSound: Bool { findingCount == 0 }

    mutating func add(_ place: String, _ problem: String) {
        findingCount += 1
        if findings.count < Self.mostFindings { findings.append(Finding(place: place, problem: problem)) }
    }

    mutating func add(_ error: HistoryError, at place: String) {
        switch error {
        case .damaged(let id, let damage): add(id.hex, "\(damage)")
        default: add(place, "\(error)")
        }
    }
}
