import Learners

/// The values in a result and the labels that stand before them, whatever notation the result has.
///
/// JSON, YAML, Python's literals and `key: value` prose all write a label, a colon and a value; what is
/// quoted is one value, and else a run of bytes without white space and brackets.
/// - Complexity: one step a byte, at most `mostBytes`.
enum ResultValues {
    struct Value: Sendable, Equatable {
        /// The hash of the latest label; 0 before the first.
        var label: UInt64
        var text: [UInt8]
    }

    static let mostBytes = 3072
    static let mostValues = 64
    static let mostTextBytes = 96

    static func read(_ result: ArraySlice<UInt8>) -> [Value] {
        var values: [Value] = []
        var label: UInt64 = 0
        let bytes = result.prefix(mostBytes)
        var index = bytes.startIndex
        while index < bytes.endIndex, values.count < mostValues {
            let byte = bytes[index]
            guard !isGap(byte) else {
                index += 1
                continue
            }
            var text: ArraySlice<UInt8>
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                let first = index + 1
                let end = bytes[first...].firstIndex(of: byte) ?? bytes.endIndex
                text = bytes[first..<end]
                index = min(end + 1, bytes.endIndex)
            } else {
                let end =
                    bytes[index...].firstIndex { isGap($0) || $0 == UInt8(ascii: ":") } ?? bytes.endIndex
                // A colon between two bytes of one word, as in a time of day, ends no label.
                text = bytes[index..<wordEnd(bytes, index, end)]
                index = text.endIndex
            }
            let next = bytes[index...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
            if next < bytes.endIndex, bytes[next] == UInt8(ascii: ":") {
                label = HashMix.hash(text.prefix(mostTextBytes))
                index = next + 1
            } else if !text.isEmpty, text.count <= mostTextBytes {
                values.append(Value(label: label, text: Array(text)))
            }
        }
        return values
    }

    private static func wordEnd(_ bytes: ArraySlice<UInt8>, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end < bytes.endIndex, bytes[end] == UInt8(ascii: ":"), end + 1 < bytes.endIndex,
            !isGap(bytes[end + 1])
        {
            end = bytes[(end + 1)...].firstIndex { isGap($0) || $0 == UInt8(ascii: ":") } ?? bytes.endIndex
        }
        // Punctuation that ends a sentence belongs to no value.
        while end > start + 1, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return end
    }

    private static func isGap(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...32, UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ";"):
            true
        default: false
        }
    }
}
