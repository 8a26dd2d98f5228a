/// Why a link's holder wants to hear what a legacy server over HTTP sends unasked.
struct StreamReasons: OptionSet, Sendable {
    let rawValue: UInt8

    /// A legacy client reads its session's stream.
    static let session = StreamReasons(rawValue: 1 << 0)
    /// The server may ask its client something.
    static let questions = StreamReasons(rawValue: 1 << 1)
    /// Clients follow resources on the link.
    static let resources = StreamReasons(rawValue: 1 << 2)
    /// A modern client listens for changes of lists.
    static let lists = StreamReasons(rawValue: 1 << 3)
}
