/// Splits Swift source, line by line, into code and comments; it knows string literals, so that neither is
/// mistaken for the other.
struct CommentSplitter {
    /// What is open at the end of a line: block comments by their depth, or a literal by its delimiters.
    private enum State: Equatable {
        case code
        case block(depth: Int)
        case literal(hashes: Int, multiline: Bool)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")
    private static let open = UInt8(ascii: "(")
    private static let close = UInt8(ascii: ")")

    private var state = State.code
    /// For each interpolation that is open: its literal, and the parentheses open inside it.
    private var interpolations: [(literal: State, parentheses: Int)] = []

    mutating func split(_ text: Substring) -> (code: String, comment: String) {
        let line = Array(text.utf8)
        var code: [UInt8] = []
        var comment: [UInt8] = []
        var index = 0
        while index < line.count {
            switch state {
            case .block(let depth):
                index += readBlock(line, index, depth, &comment)
            case .literal(let hashes, let multiline):
                index += readLiteral(line, index, hashes, multiline, &code)
            case .code:
                if matches(line, index, "//") {
                    comment += line[index...]
                    index = line.count
                    continue
                }
                index += readCode(line, index, &code)
            }
        }
        if case .literal(_, multiline: false) = state { state = .code }
        return (String(decoding: code, as: UTF8.self), String(decoding: comment, as: UTF8.self))
    }

    private mutating func readBlock(
        _ line: [UInt8], _ index: Int, _ depth: Int, _ comment: inout [UInt8]
    ) -> Int {
        if matches(line, index, "*/") {
            state = depth == 1 ? .code : .block(depth: depth - 1)
            return 2
        }
        if matches(line, index, "/*") {
            state = .block(depth: depth + 1)
            return 2
        }
        comment.append(line[index])
        return 1
    }

    private mutating func readLiteral(
        _ line: [UInt8], _ index: Int, _ hashes: Int, _ multiline: Bool, _ code: inout [UInt8]
    ) -> Int {
        let escape = "\\" + String(repeating: "#", count: hashes)
        if matches(line, index, escape) {
            if matches(line, index + escape.count, "(") {
                interpolations.append((state, 0))
                state = .code
                return escape.count + 1
            }
            return escape.count + 1
        }
        let end = (multiline ? "\"\"\"" : "\"") + String(repeating: "#", count: hashes)
        if matches(line, index, end) {
            state = .code
            code.append(Self.quote)
            return end.count
        }
        return 1
    }

    private mutating func readCode(_ line: [UInt8], _ index: Int, _ code: inout [UInt8]) -> Int {
        if matches(line, index, "/*") {
            state = .block(depth: 1)
            return 2
        }
        let hashes = line[index...].prefix { $0 == Self.hash }.count
        if matches(line, index + hashes, "\"") {
            let multiline = matches(line, index + hashes, "\"\"\"")
            state = .literal(hashes: hashes, multiline: multiline)
            code.append(Self.quote)
            return hashes + (multiline ? 3 : 1)
        }
        if let open = interpolations.last {
            if line[index] == Self.open { interpolations[interpolations.count - 1].parentheses += 1 }
            if line[index] == Self.close {
                if open.parentheses == 0 {
                    state = open.literal
                    interpolations.removeLast()
                    return 1
                }
                interpolations[interpolations.count - 1].parentheses -= 1
            }
        }
        code.append(line[index])
        return 1
    }

    private func matches(_ line: [UInt8], _ index: Int, _ text: String) -> Bool {
        line[min(index, line.count)...].starts(with: text.utf8)
    }
}
