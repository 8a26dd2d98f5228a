import Foundation
import Identifiers

extension AuditFilter {
    /// Why words can't be a filter.
    package enum Fault: Error, Equatable, Sendable {
        case unknownKind(String)
        case malformedTime(name: String, String)
        case malformedCall(String)
    }

    /// The names of what can be asked for.
    package static let names = ["kind", "principal", "tool", "server", "call", "since", "until"]

    /// - Parameter word: what is asked for under each of `names`.
    package init(_ word: (String) -> String?) throws(Fault) {
        self.init()
        if let name = word("kind") {
            guard let kind = AuditKind(rawValue: name) else { throw .unknownKind(name) }
            self.kind = kind
        }
        principal = word("principal")
        tool = word("tool")
        server = word("server")
        if let text = word("call") {
            guard let id = CallID(text: text) else { throw .malformedCall(text) }
            callID = id.rawValue
        }
        since = try Self.time("since", word)
        until = try Self.time("until", word)
    }

    private static func time(_ name: String, _ word: (String) -> String?) throws(Fault) -> UInt64? {
        guard let text = word(name) else { return nil }
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: .iso8601.year().month().day()))
        guard let seconds = date?.timeIntervalSince1970, seconds >= 0 else {
            throw .malformedTime(name: name, text)
        }
        return UInt64(seconds * 1_000_000)
    }
}

extension AuditFilter.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownKind(let name):
            "\"\(name)\" is no kind of entry; there are "
                + AuditKind.allCases.map(\.rawValue).joined(separator: ", ")
        case .malformedTime(let name, let text):
            "\(name) \"\(text)\" is no time; give one like 2026-11-23 or 2026-11-23T12:00:00Z"
        case .malformedCall(let text): "\"\(text)\" is no call id: 16 hexadecimal digits"
        }
    }
}
