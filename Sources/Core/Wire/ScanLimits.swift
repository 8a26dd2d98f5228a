/// Bounds on what the scanner accepts.
public struct ScanLimits: Sendable {
    /// The deepest nesting that `maxDepth` may ask for: the scanner keeps one byte a level on its stack.
    public static let deepestNesting = 1024

    /// The largest message that `maxBytes` may ask for: offsets are 32 bits wide.
    public static let largestMessageBytes = Int(Int32.max)

    /// Largest message in bytes, white space included; values above `largestMessageBytes` act as that.
    public var maxBytes: Int

    /// Most containers open at once; values above `deepestNesting` act as that.
    public var maxDepth: Int

    /// 4 MiB and 128 levels.
    public static let standard = ScanLimits()

    public init(maxBytes: Int = 4 << 20, maxDepth: Int = 128) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
    }
}
