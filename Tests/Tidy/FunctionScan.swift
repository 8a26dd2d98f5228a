/// The functions of a file, found by their braces.
struct FunctionScan {
    struct Function {
        var name: String
        /// Counted from 0.
        var firstLine: Int
        var lines: Int
    }

    private(set) var functions: [Function] = []

    init(_ file: SourceFile) {
        for index in file.lines.indices {
            guard file.lines[index].mentions("func ", "init", "subscript") else { continue }
            let code = file.lines[index].code
            for match in code.matches(of: /\b(?:func\s+([^\s(<]+)|(init|deinit|subscript)\b)/) {
                let isCall = code[..<match.range.lowerBound].last.map { $0 == "." || $0 == "#" } ?? false
                guard !isCall, let end = Self.end(file, index, match.range.upperBound) else { continue }
                let name = match.1 ?? match.2 ?? ""
                functions.append(Function(name: String(name), firstLine: index, lines: end - index + 1))
            }
        }
    }

    /// The line of the brace that closes the body which begins after `start`; nil if there is no body.
    private static func end(_ file: SourceFile, _ line: Int, _ start: String.Index) -> Int? {
        var enclosed = 0
        var braces = 0
        for index in line..<file.lines.count {
            let code = file.lines[index].code
            var rest = index == line ? code[start...] : code[...]
            if index > line, braces == 0, enclosed == 0,
                rest.contains(/^\s*(?:@|func |init|var |let |case |\})/)
            {
                return nil
            }
            while let character = rest.popFirst() {
                switch character {
                case "(", "[": enclosed += 1
                case ")", "]": enclosed -= 1
                case "{" where enclosed == 0 || braces > 0: braces += 1
                case "}" where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case "}" where enclosed == 0: return nil
                default: break
                }
                if enclosed < 0 { return nil }
            }
        }
        return nil
    }
}
