import Wire

/// The place of a request in a distributed trace: the value of `traceparent` (W3C Trace Context, section
/// 3.2).
package struct TraceParent: Hashable, Sendable {
    /// 32 lower-case hexadecimal digits, not all zero.
    package let traceID: String
    /// The two digits of the flags.
    private let flags: [UInt8]

    private static let shortestBytes = 55

    /// Nil if the value is not one that a participant may continue.
    /// - Complexity: O(1): longer values of later versions are read to the end of the flags only.
    package init?(_ value: JSONView) {
        let raw = value.raw
        guard value.kind == .string, raw.count >= Self.shortestBytes + 2 else { return nil }
        let text = Array(raw[(raw.startIndex + 1)..<(raw.startIndex + 1 + Self.shortestBytes)])
        let version = text[0..<2]
        guard text[2] == Self.dash, text[35] == Self.dash, text[52] == Self.dash,
            Self.isHexadecimal(version), Self.isIdentifier(text[3..<35]), Self.isIdentifier(text[36..<52]),
            Self.isHexadecimal(text[53..<55]), !version.elementsEqual("ff".utf8)
        else { return nil }
        if raw.count > Self.shortestBytes + 2 {
            // Later versions may add parts behind a dash; this one has none.
            let next = raw[raw.startIndex + 1 + Self.shortestBytes]
            guard next == Self.dash, !version.elementsEqual("00".utf8) else { return nil }
        }
        traceID = String(decoding: text[3..<35], as: UTF8.self)
        flags = Array(text[53..<55])
    }

    /// The value, as a JSON string, for what a participant asks of others: the same trace, under its own
    /// span.
    /// - Parameter span: not 0.
    package func continued(span: UInt64) -> [UInt8] {
        let digits = String(span, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return Array("\"00-\(traceID)-\(padded)-".utf8) + flags + [UInt8(ascii: "\"")]
    }

    private static let dash = UInt8(ascii: "-")

    private static func isHexadecimal(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func isIdentifier(_ digits: ArraySlice<UInt8>) -> Bool {
        isHexadecimal(digits) && digits.contains { $0 != 0x30 }
    }
}
