/// Names a log: 16 random bytes, drawn when it is begun.
public struct LogID: Hashable, Sendable {
    static let byteCount = 16
    private static let prefix = "attune.audit/"

    let bytes: [UInt8]

    init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// None unless there are 16 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    init?(origin: some StringProtocol) {
        guard origin.hasPrefix(Self.prefix), let bytes = Hex.bytes(origin.dropFirst(Self.prefix.count)) else {
            return nil
        }
        self.init(bytes)
    }

    /// What checkpoints and keys are headed with.
    public var origin: String { Self.prefix + Hex.text(bytes) }
}
