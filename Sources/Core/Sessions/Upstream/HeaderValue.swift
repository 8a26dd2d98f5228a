/// The encoding of `Mcp-Name` and `Mcp-Param-*` values that a header field could not carry as they are
/// (2026-07-28, basic/transports, "Value encoding"): `=?base64?` + base64 of the UTF-8 bytes + `?=`.
package enum HeaderValue {
    private static let opening = Array("=?base64?".utf8)
    private static let closing = Array("?=".utf8)

    package static func encode(_ text: String) -> String {
        isSafe(text) ? text : "=?base64?" + Base64.encode(Array(text.utf8)) + "?="
    }

    /// The text that a field stands for; nil if it has the markers but no canonical base64 of UTF-8 between
    /// them, or characters that only base64 may carry.
    package static func decode(_ field: String) -> String? {
        guard field.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else { return nil }
        guard field.utf8.first == opening[0] else { return field }
        let bytes = Array(field.utf8)
        guard hasMarkers(bytes) else { return field }
        let payload = bytes[opening.count..<(bytes.count - closing.count)]
        guard let decoded = Base64.decode(payload) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func isSafe(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        return bytes.first != 0x20 && bytes.last != 0x20 && !hasMarkers(bytes)
    }

    private static func hasMarkers(_ bytes: [UInt8]) -> Bool {
        bytes.count >= opening.count + closing.count && bytes.starts(with: opening)
            && bytes.suffix(closing.count).elementsEqual(closing)
    }
}
