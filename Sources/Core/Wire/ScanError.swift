/// Why a message is refused; offsets count bytes from the start of what was scanned.
public enum ScanError: Error, Equatable, Sendable {
    /// Nothing but white space, or nothing at all.
    case empty
    /// The first byte that RFC 8259 does not allow where it stands.
    case syntax(offset: Int)
    /// The first byte of an ill-formed UTF-8 sequence (Unicode table 3-7).
    case invalidUTF8(offset: Int)
    /// UTF-8 behind a byte order mark, which RFC 8259 section 8.1 forbids to send.
    case byteOrderMark
    /// The bracket that opens one container too many.
    case tooDeep(offset: Int)
    /// More bytes than the limits allow.
    case tooLarge(bytes: Int)
    /// The opening quote of the second of two equal keys that the frame records.
    case duplicateKey(offset: Int)
    /// The first byte of something behind the top-level value.
    case trailingBytes(offset: Int)
    /// UTF-16 or UTF-32.
    case notUTF8Encoding
}
