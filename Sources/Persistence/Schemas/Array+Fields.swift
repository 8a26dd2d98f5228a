// Writes fields one behind the other, for messages that are written with every call: no object is made.
//
// The encoding of protocol buffers (https://protobuf.dev/programming-guides/encoding/). A field that has its
// default value is left out, as proto3 has it; put in the order of their numbers, fields are the bytes that
// SwiftProtobuf writes.
extension [UInt8] {
    /// How many bytes a number takes.
    @inlinable public static func varintBytes(_ value: UInt64) -> Int {
        (70 - (value | 1).leadingZeroBitCount) / 7
    }

    @inlinable public mutating func putVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// A field of the types `uint32`, `uint64`, `bool` and those of enumerations.
    @inlinable public mutating func putField(_ number: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        putVarint(number << 3)
        putVarint(value)
    }

    /// A field of the types `sint32` and `sint64`.
    @inlinable public mutating func putField(_ number: UInt64, signed value: Int64) {
        putField(number, UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    @inlinable public mutating func putField(_ number: UInt64, _ text: String) {
        guard !text.isEmpty else { return }
        putElement(number, text)
    }

    /// One text of a repeated field, which may be empty.
    @inlinable public mutating func putElement(_ number: UInt64, _ text: String) {
        putPrefix(number, text.utf8.count)
        append(contentsOf: text.utf8)
    }

    /// What a field of bytes, a text or a message has before its `count` bytes.
    @inlinable public mutating func putPrefix(_ number: UInt64, _ count: Int) {
        putVarint(number << 3 | 2)
        putVarint(UInt64(count))
    }
}
