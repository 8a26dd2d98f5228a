/// The id of a server-sent event: it names the log, which belongs to one session at one gateway, the stream,
/// and the event, so that it is unique in the session and says which stream to resume.
struct EventID: Hashable, Sendable {
    static let maxBytes = 48

    let log: UInt32
    let stream: UInt32
    let number: UInt64

    init(log: UInt32, stream: UInt32, number: UInt64) {
        self.log = log
        self.stream = stream
        self.number = number
    }

    /// Reads a `Last-Event-ID`; nil if no gateway wrote it.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maxBytes else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let log = UInt32(parts[0], radix: 16), let stream = UInt32(parts[1]),
            let number = UInt64(parts[2])
        else { return nil }
        self.init(log: log, stream: stream, number: number)
    }

    var text: String { "\(String(log, radix: 16))-\(stream)-\(number)" }
}
