import ModelHistory

/// Draws how commits descend from each other, in columns of which each leads to one commit.
///
/// Rows come as a log gives them, children before their parents. A column moves left when one left of it
/// ends.
struct CommitGraph {
    /// Columns that are drawn; further ones are only followed.
    private static let mostColumns = 20

    private var columns: [ObjectID] = []

    /// The lines for a commit: the first one for its own line, others between it and the next.
    mutating func lines(for id: ObjectID, parents: [ObjectID]) -> [String] {
        var index = columns.firstIndex(of: id) ?? columns.count
        if index == columns.count { columns.append(id) }
        var lines = [Self.line(columns.count, mark: index)]
        // Other columns that lead to it end here.
        while let twin = columns.indices.last(where: { $0 != index && columns[$0] == id }) {
            lines.insert(Self.slant(columns.count, from: twin, to: index), at: 0)
            columns.remove(at: twin)
            if twin < index { index -= 1 }
            lines[lines.count - 1] = Self.line(columns.count, mark: index)
        }
        guard let first = parents.first else {
            columns.remove(at: index)
            return lines
        }
        columns[index] = first
        for parent in parents.dropFirst() where !columns.contains(parent) {
            columns.insert(parent, at: index + 1)
            lines.append(Self.fork(columns.count, after: index))
        }
        return lines
    }

    private static func line(_ count: Int, mark: Int) -> String {
        (0..<min(count, mostColumns)).map { $0 == mark ? "*" : "|" }.joined(separator: " ")
    }

    /// A column that goes over to another one.
    private static func slant(_ count: Int, from twin: Int, to index: Int) -> String {
        let left = min(twin, index)
        return (0..<min(count, mostColumns)).map { column in
            column <= left ? "|" : column == max(twin, index) ? "/" : "|"
        }.joined(separator: " ")
    }

    /// A column that begins right of another one.
    private static func fork(_ count: Int, after index: Int) -> String {
        (0..<min(count, mostColumns)).map { $0 == index + 1 ? "\\" : "|" }.joined(separator: " ")
    }
}
