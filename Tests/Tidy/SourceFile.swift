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
