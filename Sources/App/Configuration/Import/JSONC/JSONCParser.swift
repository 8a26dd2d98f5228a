/// Reads JSON (RFC 8259) with what the editors of configuration files add to it: comments of both kinds, a
/// comma after the last element, and a byte-order mark. Everything else is as strict as JSON.
///
/// Used for the files of other programs only: nothing on the wire is read with it. One pass over the bytes.
struct JSONCParser {
    static let maximumDepth = 128

    private let bytes: [UInt8]
    private var offset = 0

    /// - Throws: the first fault.
    static func parse(_ bytes: [UInt8]) throws(JSONCFault) -> JSONCNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONCFault(reason: .invalidUTF8, offset: validPrefix(bytes))
        }
        var parser = JSONCParser(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.offset = 3 }
        try parser.skipBlank()
        let root = try parser.value(depth: 0)
        try parser.skipBlank()
        guard parser.offset == bytes.count else { throw parser.fault(.trailingText) }
        return root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func fault(_ reason: JSONCFault.Reason) -> JSONCFault {
        JSONCFault(reason: reason, offset: offset)
    }

    private mutating func value(depth: Int) throws(JSONCFault) -> JSONCNode {
        guard depth < Self.maximumDepth else { throw fault(.tooDeep) }
        let start = offset
        let content: JSONCNode.Content
        switch peek {
        case UInt8(ascii: "{"): content = .object(try members(depth: depth))
        case UInt8(ascii: "["): content = .array(try elements(depth: depth))
        case UInt8(ascii: "\""): content = .string(try string())
        case UInt8(ascii: "t"): content = try word("true", .boolean(true))
        case UInt8(ascii: "f"): content = try word("false", .boolean(false))
        case UInt8(ascii: "n"): content = try word("null", .null)
        default: content = .number(try number())
        }
        return JSONCNode(content: content, range: start..<offset)
    }

    private mutating func members(depth: Int) throws(JSONCFault) -> [JSONCMember] {
        var members: [JSONCMember] = []
        offset += 1
        while true {
            try skipBlank()
            if take(UInt8(ascii: "}")) { return members }
            guard peek == UInt8(ascii: "\"") else { throw fault(.expectedKey) }
            let start = offset
            let key = try string()
            let keyRange = start..<offset
            try skipBlank()
            guard take(UInt8(ascii: ":")) else { throw fault(.expectedColon) }
            try skipBlank()
            members.append(JSONCMember(key: key, keyRange: keyRange, value: try value(depth: depth + 1)))
            try skipBlank()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw fault(.expectedCommaOrEnd) }
            return members
        }
    }

    private mutating func elements(depth: Int) throws(JSONCFault) -> [JSONCNode] {
        var elements: [JSONCNode] = []
        offset += 1
        while true {
            try skipBlank()
            if take(UInt8(ascii: "]")) { return elements }
            elements.append(try value(depth: depth + 1))
            try skipBlank()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw fault(.expectedCommaOrEnd) }
            return elements
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private mutating func word(
        _ word: StaticString, _ content: JSONCNode.Content
    ) throws(JSONCFault) -> JSONCNode.Content {
        let sought = word.description.utf8
        guard bytes[offset...].starts(with: sought) else { throw fault(.expectedValue) }
        offset += sought.count
        return content
    }

    private mutating func number() throws(JSONCFault) -> String {
        let start = offset
        while let byte = peek, (48...57).contains(byte) || "+-.eE".utf8.contains(byte) { offset += 1 }
        guard offset > start else { throw fault(.expectedValue) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
            offset = start
            throw fault(.invalidNumber)
        }
        return text
    }

    /// White space and comments.
    private mutating func skipBlank() throws(JSONCFault) {
        while let byte = peek {
            if byte == 32 || (9...10).contains(byte) || byte == 13 {
                offset += 1
            } else if bytes[offset...].starts(with: "//".utf8) {
                while let byte = peek, byte != 10, byte != 13 { offset += 1 }
            } else if bytes[offset...].starts(with: "/*".utf8) {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(JSONCFault) {
        let start = offset
        offset += 2
        while offset < bytes.count {
            if bytes[offset...].starts(with: "*/".utf8) {
                offset += 2
                return
            }
            offset += 1
        }
        throw JSONCFault(reason: .unterminatedComment, offset: start)
    }

    /// The bytes before the first that is not UTF-8.
    private static func validPrefix(_ bytes: [UInt8]) -> Int {
        var count = 0
        var decoder = UTF8()
        var rest = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&rest) { count += UTF8.width(scalar) }
        return count
    }

    // MARK: Strings

    private mutating func string() throws(JSONCFault) -> String {
        let start = offset
        var text: [UInt8] = []
        offset += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            case 0..<32: throw fault(.invalidString)
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw JSONCFault(reason: .unterminatedString, offset: start)
    }

    /// One escape; a pair of surrogates is one character, a lone one the replacement character.
    private mutating func escape() throws(JSONCFault) -> Character {
        guard offset + 1 < bytes.count else { throw fault(.invalidString) }
        let letter = bytes[offset + 1]
        if letter != UInt8(ascii: "u") {
            guard let simple = Self.simple[letter] else { throw fault(.invalidString) }
            offset += 2
            return simple
        }
        let first = try codeUnit()
        if (0xD800..<0xDC00).contains(first), bytes[offset...].starts(with: "\\u".utf8) {
            let before = offset
            let second = try codeUnit()
            if (0xDC00..<0xE000).contains(second) {
                let scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
                return Unicode.Scalar(scalar).map(Character.init) ?? "\u{FFFD}"
            }
            offset = before
        }
        return Unicode.Scalar(first).map(Character.init) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() throws(JSONCFault) -> UInt32 {
        let digits = bytes[offset...].dropFirst(2).prefix(4)
        let isHexadecimal = digits.allSatisfy { byte in
            (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
        }
        guard digits.count == 4, isHexadecimal,
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault(.invalidString) }
        offset += 6
        return unit
    }

    private static let simple: [UInt8: Character] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
        UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
}
