/// Keys as text: one a line, with empty lines and lines after `#` left out.
package enum KeyText {
    package enum Fault: Error, Equatable, Sendable {
        case noKey
        case notAKey(line: Int)
        case tooMany
    }

    /// The most keys at once: the one in use and older ones.
    package static let maxKeys = 16

    /// - Returns: at least one key; the first seals, all open.
    package static func keys(_ text: String) throws(Fault) -> [SealingKey] {
        var keys: [SealingKey] = []
        for (index, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let word = line.trimmingBlanks
            if word.isEmpty || word.hasPrefix("#") { continue }
            guard let key = SealingKey(text: word) else { throw .notAKey(line: index + 1) }
            guard keys.count < maxKeys else { throw .tooMany }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw .noKey }
        return keys
    }
}

extension KeyText.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noKey: "there is no key in it"
        case .notAKey(let line):
            "line \(line) is no key of 32 bytes: 64 hexadecimal digits, as `openssl rand -hex 32` prints them"
        case .tooMany: "there are more than \(KeyText.maxKeys) keys in it"
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let start = drop { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...last]
    }
}
