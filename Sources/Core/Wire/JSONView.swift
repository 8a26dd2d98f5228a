/// A cursor over one value of a validated text; copying it copies no bytes.
///
/// Nothing is parsed before it is asked for, so each access costs a walk over the bytes it passes. Over bytes
/// that were not validated, accesses give wrong answers or nil and never trap, as long as the range lies in
/// the bytes.
public struct JSONView: Sendable {
    public enum Kind: Sendable {
        case object, array, string, number, bool, null
    }

    public let bytes: [UInt8]
    public let range: ByteRange

    /// - Parameters:
    ///   - bytes: a text that `Scanner` accepted.
    ///   - range: one raw value in it, as a frame or another view gives it.
    /// - Precondition: the range lies within the bytes.
    public init(_ bytes: [UInt8], _ range: ByteRange) {
        precondition(range.range.upperBound <= bytes.count, "the range is not one of these bytes")
        self.bytes = bytes
        self.range = range
    }

    /// Validates a text and views its top-level value.
    public init(validating bytes: [UInt8], limits: ScanLimits = .standard) throws(ScanError) {
        self.bytes = bytes
        range = try Scanner.validatedRoot(bytes, limits: limits)
    }

    /// What the first byte says; an empty range reads as null.
    public var kind: Kind {
        switch range.isEmpty ? 0 : bytes[Int(range.start)] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: .null
        }
    }

    /// The value's bytes, as they were received.
    public var raw: ArraySlice<UInt8> { bytes[range.range] }

    public var rawBytes: [UInt8] { range.count == bytes.count ? bytes : Array(raw) }
}

// MARK: - Containers

extension JSONView {
    /// The first member with a key; nil in anything but an object.
    ///
    /// - Complexity: O(bytes before the member's end).
    public subscript(key: StaticString) -> JSONView? {
        for member in keys where TextCompare.equal(bytes, member.keyRange, key.bytes) {
            return JSONView(bytes, member.valueRange)
        }
        return nil
    }

    /// The first member with a key; nil in anything but an object.
    ///
    /// - Complexity: O(bytes before the member's end).
    public func member(_ key: String) -> JSONView? {
        var key = key
        key.makeContiguousUTF8()
        for member in keys where TextCompare.equal(bytes, member.keyRange, key.utf8Span.span) {
            return JSONView(bytes, member.valueRange)
        }
        return nil
    }

    /// The members of an object in their order, equal keys included; nothing for another kind of value.
    public var members: JSONMembers { JSONMembers(keys: keys) }

    /// The elements of an array; nothing for another kind of value.
    public var elements: JSONElements { JSONElements(self) }

    /// The number of members or elements, 0 for a value that is no container.
    ///
    /// - Complexity: O(bytes).
    public var count: Int {
        switch kind {
        case .object: keys.reduce(into: 0) { count, _ in count += 1 }
        case .array: elements.reduce(into: 0) { count, _ in count += 1 }
        default: 0
        }
    }

    var keys: JSONKeys { JSONKeys(self) }
}

// MARK: - Scalars

extension JSONView {
    /// The unescaped contents of a string; lone surrogates become U+FFFD.
    public var string: String? {
        guard kind == .string, range.count >= 2 else { return nil }
        return JSONText.unescaped(bytes[(range.range.lowerBound + 1)..<(range.range.upperBound - 1)])
    }

    /// The number, when it is an integer (no fraction, no exponent) of 64 bits.
    public var int: Int64? {
        guard kind == .number else { return nil }
        return Int64(JSONText.string(raw))
    }

    /// The nearest double; infinite for a number beyond its range.
    public var double: Double? {
        guard kind == .number else { return nil }
        return Double(JSONText.string(raw))
    }

    public var bool: Bool? {
        guard kind == .bool else { return nil }
        return bytes[range.range.lowerBound] == UInt8(ascii: "t")
    }

    public var isNull: Bool { kind == .null }
}
