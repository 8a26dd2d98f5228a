import Foundation

/// A file of the tree, with its lines split into code and comments.
struct SourceFile: Sendable {
    /// Relative to the project's root, with slashes.
    let path: String
    let lines: [Line]

    struct Line: Sendable {
        let text: String
        /// The line without comments, the contents of string literals blanked.
        let code: String
        /// What stands in comments.
        let comment: String

        /// True if the code holds any of these texts: a quick look before a slow one with a pattern.
        func mentions(_ texts: String...) -> Bool { texts.contains { code.holds($0) } }
    }

    var name: String { String(path.split(separator: "/").last ?? "") }
    var code: String { lines.map(\.code).joined(separator: "\n") }

    init(path: String, text: String) {
        self.path = path
        var splitter = CommentSplitter()
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { text in
            let (code, comment) = splitter.split(text)
            return Line(text: String(text), code: code, comment: comment)
        }
    }

    /// The number of lines, without the empty one behind the last line feed.
    var count: Int { lines.last?.text.isEmpty == true ? lines.count - 1 : lines.count }

    /// A place as compilers write it.
    func place(_ index: Int) -> String { "\(path):\(index + 1)" }
}

extension String {
    /// True if `text`, which is not empty, stands somewhere in the string, compared byte by byte.
    func holds(_ text: String) -> Bool {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        guard bytes.count >= wanted.count else { return false }
        for start in 0...(bytes.count - wanted.count) where bytes[start] == wanted[0] {
            if bytes[start...].starts(with: wanted) { return true }
        }
        return false
    }
}
