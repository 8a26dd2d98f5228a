/// The progress tokens of calls that became tasks: they live as long as the task (2025-11-25,
/// basic/utilities/tasks), while the call has its answer.
struct TaskProgress {
    private struct Entry {
        let number: Int
        let token: [UInt8]
        let session: String
    }

    /// The most tokens of one link; the oldest goes first.
    static let maxCount = 256

    private var entries: [Entry] = []

    /// - Parameters:
    ///   - number: the token towards the server.
    ///   - token: the client's own, raw JSON.
    ///   - session: the public name of the client's session.
    mutating func keep(_ number: Int, _ token: [UInt8], of session: String) {
        if entries.count >= Self.maxCount { entries.removeFirst() }
        entries.append(Entry(number: number, token: token, session: session))
    }

    /// - Complexity: O(`maxCount`).
    func token(_ number: Int, of session: String) -> [UInt8]? {
        entries.first { $0.number == number && $0.session == session }?.token
    }
}
