/// A store's entries as text: one JSON object a line.
///
///     {"family":"journal","key":"00ff","value":"68656c6c6f"}
///
/// Keys and values are bytes in hex; the lines are in the order of the families' names, then of the keys.
public enum StoreExport {
    /// Gives each line, with its end, to `sink`, and stops with the first error of either.
    /// - Returns: the number of entries.
    @discardableResult public static func lines(
        of reader: any OrderedReader, families: [Family], range: KeyRange = .all,
        into sink: ([UInt8]) throws(StorageError) -> Void
    ) throws(StorageError) -> Int {
        var count = 0
        for family in families.sorted(by: { $0.name < $1.name }) {
            let cursor = try reader.cursor(over: range, in: family, .forward)
            let start = Array("{\"family\":\"\(family.name)\",\"key\":\"".utf8)
            while let entry = try cursor.next() {
                let middle = Array("\",\"value\":\"".utf8)
                try sink(start + hex(entry.key) + middle + hex(entry.value) + Array("\"}\n".utf8))
                count += 1
            }
        }
        return count
    }

    private static func hex(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }
}
