import Schemas
import Storage

/// The tool calls of a journal, in the order in which they began.
public struct Observations {
    /// Sessions whose steps are counted; all begin anew when there are more.
    private static let mostSessions = 65_536
    private static let method = "tools/call"

    private let cursor: any StoreCursor
    private var steps: [String: Int] = [:]
    /// Entries that could not be read as what this version knows, and were passed over.
    public private(set) var unread = 0

    /// - Parameters: times in microseconds since 1970: calls that began from `first` on, before `end`.
    /// - Throws: as the store's cursors.
    public init(
        _ reader: any OrderedReader, from first: UInt64, upTo end: UInt64?
    ) throws(StorageError) {
        cursor = try reader.cursor(
            over: JournalKey.range(from: first, upTo: end), in: ObservationJournal.family, .forward)
    }

    /// - Returns: nothing at the end.
    /// - Throws: as the store's cursors.
    public mutating func next() throws(StorageError) -> Observation? {
        while let entry = try cursor.next() {
            guard let found = try? JournalEntry(serializedBytes: entry.value), let what = found.what else {
                unread += 1
                continue
            }
            guard case .message(let message) = what, message.messageType == Self.method else { continue }
            return Observation(message, step: nextStep(of: message.call.session))
        }
        return nil
    }

    private mutating func nextStep(of session: String) -> Int {
        if steps.count >= Self.mostSessions, steps[session] == nil { steps.removeAll() }
        let step = steps[session, default: 0]
        steps[session] = step + 1
        return step
    }
}
