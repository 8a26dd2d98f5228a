import Testing

@Suite("Sizes") struct SizeTests {
    static let mostLines = 500
    static let mostMedianLines = 120
    static let mostColumns = 110
    static let mostFunctionLines = 60

    let tree = SourceTree.shared

    @Test("No file has more than 500 lines") func fileLines() {
        let found = (tree.swift + tree.others).filter { $0.count > Self.mostLines }
        expectNone(found.map { "\($0.path): \($0.count) lines" })
    }

    @Test("Half of the source files have at most 120 lines") func medianLines() {
        let counts = tree.sources.map(\.count).sorted()
        #expect(!counts.isEmpty)
        #expect(counts[counts.count / 2] <= Self.mostMedianLines)
    }

    @Test("No line is wider than 110 columns") func columns() {
        let found = (tree.swift + tree.others).flatMap { file in
            file.lines.indices.filter { index in
                guard file.lines[index].text.utf8.count > Self.mostColumns else { return false }
                // A text that stands in one piece can't be broken, so only what is around it counts.
                let text = file.lines[index].text.replacing(/"[^"]*"/, with: "")
                return text.count > Self.mostColumns
            }.map { file.place($0) }
        }
        expectNone(found)
    }

    @Test("No function has more than 60 lines") func functionLines() {
        let found = tree.swift.flatMap { file in
            FunctionScan(file).functions.filter { $0.lines > Self.mostFunctionLines }
                .map { "\(file.place($0.firstLine)): \($0.name) has \($0.lines) lines" }
        }
        expectNone(found)
    }
}
