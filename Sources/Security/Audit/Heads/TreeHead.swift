import Foundation

/// What a log says of itself at a moment: how many entries it has, and the hash over all of them.
public struct TreeHead: Hashable, Sendable {
    public var log: LogID
    public var size: UInt64
    public var root: MerkleHash
    /// In microseconds since 1970.
    public var timestamp: UInt64

    public init(log: LogID, size: UInt64, root: MerkleHash, timestamp: UInt64) {
        self.log = log
        self.size = size
        self.root = root
        self.timestamp = timestamp
    }

    /// The body of a checkpoint (C2SP tlog-checkpoint): origin, size and root, and the time as an extension.
    var text: String {
        let root = Data(root.bytes).base64EncodedString()
        return "\(log.origin)\n\(size)\n\(root)\ntime \(timestamp)\n"
    }

    /// None for what `text` doesn't give.
    init?(text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 5, let log = LogID(origin: lines[0]), let size = UInt64(lines[1]),
            let root = Data(base64Encoded: String(lines[2])).flatMap({ MerkleHash($0) }),
            lines[3].hasPrefix("time "), let timestamp = UInt64(lines[3].dropFirst(5))
        else { return nil }
        self.init(log: log, size: size, root: root, timestamp: timestamp)
        guard self.text == text else { return nil }
    }
}
