/// Takes a JSON-RPC batch (2025-03-26 only) apart.
public enum Batch {
    /// The raw elements of a batch, each to be scanned as a message of its own.
    ///
    /// - Parameters:
    ///   - frame: what `Scanner` found in these bytes; anything but a batch has no elements.
    ///   - max: the most elements to take; a longer batch throws `tooLarge` with its size.
    /// - Complexity: O(bytes).
    public static func elements(
        _ bytes: [UInt8], _ frame: Frame, max: Int
    ) throws(ScanError) -> [ByteRange] {
        guard frame.kind == .batch else { return [] }
        var ranges: [ByteRange] = []
        for element in JSONView(bytes, frame.root).elements {
            guard ranges.count < max else { throw .tooLarge(bytes: frame.root.count) }
            ranges.append(element.range)
        }
        return ranges
    }
}
