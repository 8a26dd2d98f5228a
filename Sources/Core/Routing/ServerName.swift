/// The rule for configured server names: `[a-z0-9][a-z0-9-]{0,23}`, and not `attune`.
///
/// The rule keeps `_` and `+` out, so that `<server>__<tool>` and `attune-<server>+<uri>` each read in one
/// way only.
package enum ServerName {
    package enum Rejection: Error, Equatable, Sendable {
        case empty
        case tooLong(bytes: Int)
        /// - Parameter offset: of the first byte that may not stand there.
        case character(offset: Int)
        /// The gateway's own tools are named `attune__…`.
        case reserved
    }

    package static let maxBytes = 24
    package static let reserved = "attune"

    /// - Returns: nil when the name is valid.
    package static func check(_ name: String) -> Rejection? {
        let bytes = name.utf8
        if bytes.isEmpty { return .empty }
        if bytes.count > maxBytes { return .tooLong(bytes: bytes.count) }
        for (offset, byte) in bytes.enumerated() {
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if !isPlain && (offset == 0 || byte != UInt8(ascii: "-")) { return .character(offset: offset) }
        }
        return name == reserved ? .reserved : nil
    }
}
