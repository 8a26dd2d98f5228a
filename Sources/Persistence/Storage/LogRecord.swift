/// A batch as the log of a store in memory holds it.
///
///     offset  bytes  what
///     0       4      length of the body, little-endian as all numbers here
///     4       8      FNV-1a of the body
///     12      4      the low half of FNV-1a of the 12 bytes before
///     16      …      the body: the operations one after the other
///
/// An operation is its kind (1 put, 2 delete, 3 delete a range, 4 delete a range without an end), the length
/// of the family's name in one byte, the name, then the key and for 1 the value, for 3 the upper key, each
/// behind its length in 4 bytes. FNV-1a tells any change of one byte: each of its steps can be undone.
enum LogRecord {
    static let headerBytes = 16

    enum Reading {
        case batch(WriteBatch, end: Int)
        /// The log ends within the record, as it does when the machine crashed while it was written.
        case torn
        /// All of the record is there, and it isn't what was written.
        case damaged
    }

    static func encode(_ batch: WriteBatch) -> [UInt8] {
        var body: [UInt8] = []
        for operation in batch.operations {
            switch operation {
            case .put(_, let key, let value): append([key, value], kind: 1, operation.family, to: &body)
            case .delete(_, let key): append([key], kind: 2, operation.family, to: &body)
            case .deleteRange(_, let range):
                append(
                    [range.lower] + (range.upper.map { [$0] } ?? []), kind: range.upper == nil ? 4 : 3,
                    operation.family, to: &body)
            }
        }
        var record = little(UInt64(body.count), 4) + little(checksum(body[...]), 8)
        record += little(checksum(record[...]), 4)
        return record + body
    }

    static func decode(_ log: [UInt8], at start: Int) -> Reading {
        guard log.count - start >= headerBytes else { return .torn }
        let header = log[start..<start + headerBytes]
        guard little(checksum(header.prefix(12)), 4) == Array(header.suffix(4)) else { return .damaged }
        let length = Int(number(header.prefix(4)))
        guard log.count - start - headerBytes >= length else { return .torn }
        let body = log[start + headerBytes..<start + headerBytes + length]
        guard little(checksum(body), 8) == Array(header.dropFirst(4).prefix(8)), let batch = batch(of: body)
        else { return .damaged }
        return .batch(batch, end: body.endIndex)
    }

    private static func batch(of body: ArraySlice<UInt8>) -> WriteBatch? {
        var rest = body
        var batch = WriteBatch()
        while let kind = rest.popFirst() {
            guard let nameBytes = rest.popFirst(), let name = take(Int(nameBytes), from: &rest),
                let key = takeText(from: &rest)
            else { return nil }
            let family = Family(String(decoding: name, as: UTF8.self))
            switch kind {
            case 1:
                guard let value = takeText(from: &rest) else { return nil }
                batch.put(value, for: key, in: family)
            case 2: batch.delete(key, in: family)
            case 3:
                guard let upper = takeText(from: &rest) else { return nil }
                batch.delete(KeyRange(from: key, upTo: upper), in: family)
            case 4: batch.delete(KeyRange(from: key, upTo: nil), in: family)
            default: return nil
            }
        }
        return batch
    }

    private static func append(_ texts: [[UInt8]], kind: UInt8, _ family: Family, to body: inout [UInt8]) {
        let name = Array(family.name.utf8)
        body += [kind, UInt8(truncatingIfNeeded: name.count)] + name
        for text in texts { body += little(UInt64(text.count), 4) + text }
    }

    private static func takeText(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        take(4, from: &rest).flatMap { take(Int(number($0[...])), from: &rest) }
    }

    private static func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private static func little(_ number: UInt64, _ bytes: Int) -> [UInt8] {
        (0..<UInt64(bytes)).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// FNV-1a of 64 bits (Fowler, Noll, Vo; RFC 9923).
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
