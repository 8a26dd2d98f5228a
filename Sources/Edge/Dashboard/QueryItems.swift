/// The items of a URL's query (`application/x-www-form-urlencoded`, WHATWG URL).
struct QueryItems {
    private(set) var items: [String: String] = [:]
    /// The most items that are read.
    private static let limit = 32

    init(_ query: String) {
        for item in query.split(separator: "&").prefix(Self.limit) {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            items[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
        }
    }

    var names: Set<String> { Set(items.keys) }

    /// nil if the item is absent or empty.
    subscript(name: String) -> String? { items[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Percent-decodes; a malformed escape stays as it is, and what is not UTF-8 becomes U+FFFD.
    static func decoded(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = nibble(bytes[index + 1]), let low = nibble(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
