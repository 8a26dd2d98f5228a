/// The request header fields that the gateway reads.
enum FieldName {
    case host, origin, expect, accept, upgrade, connection, contentType, contentLength, transferEncoding
    case authorization, lastEventID, sessionID, protocolVersion, mcpMethod, mcpName
    /// `Mcp-Param-*`.
    case mcpParameter
    case other

    static let parameterPrefixBytes = 10

    /// Names are compared without regard to case (RFC 9110, section 5.1).
    ///
    /// - Complexity: one comparison, found by length.
    init(_ name: String) {
        let span = name.utf8Span.span
        switch span.count {
        case 4: self = Self.matches(span, "host") ? .host : .other
        case 6:
            if Self.matches(span, "accept") {
                self = .accept
            } else if Self.matches(span, "origin") {
                self = .origin
            } else {
                self = Self.matches(span, "expect") ? .expect : .other
            }
        case 7: self = Self.matches(span, "upgrade") ? .upgrade : .other
        case 8: self = Self.matches(span, "mcp-name") ? .mcpName : .other
        case 10:
            if Self.matches(span, "mcp-method") {
                self = .mcpMethod
            } else {
                self = Self.matches(span, "connection") ? .connection : Self.parameter(span)
            }
        case 12: self = Self.matches(span, "content-type") ? .contentType : Self.parameter(span)
        case 13:
            if Self.matches(span, "authorization") {
                self = .authorization
            } else {
                self = Self.matches(span, "last-event-id") ? .lastEventID : Self.parameter(span)
            }
        case 14:
            if Self.matches(span, "content-length") {
                self = .contentLength
            } else {
                self = Self.matches(span, "mcp-session-id") ? .sessionID : Self.parameter(span)
            }
        case 17: self = Self.matches(span, "transfer-encoding") ? .transferEncoding : Self.parameter(span)
        case 20: self = Self.matches(span, "mcp-protocol-version") ? .protocolVersion : Self.parameter(span)
        default: self = Self.parameter(span)
        }
    }

    private static func parameter(_ name: Span<UInt8>) -> FieldName {
        guard name.count > parameterPrefixBytes else { return .other }
        return matches(name.extracting(0..<parameterPrefixBytes), "mcp-param-") ? .mcpParameter : .other
    }

    /// Compares without regard to the case of letters.
    ///
    /// - Parameter lower: letters in lower case, hyphens, slashes.
    static func matches(_ name: Span<UInt8>, _ lower: String) -> Bool {
        let other = lower.utf8Span.span
        guard name.count == other.count else { return false }
        for index in name.indices where name[index] | 0x20 != other[index] { return false }
        return true
    }
}
