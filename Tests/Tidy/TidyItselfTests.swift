import Testing

@Suite("Tidy itself") struct TidyItselfTests {
    @Test("Comments and literals are told apart")
    func comments() {
        let text = #"""
            let a = "// no comment" // a comment
            /* one /* inner */ still */ let b = 1
            let c = "\(call("x // y")) z" // last
            let d = """
            // in a literal
            """
            """#
        let file = SourceFile(path: "A.swift", text: text)
        #expect(file.lines.map { $0.code.contains("//") }.allSatisfy { !$0 })
        #expect(file.lines[0].comment == "// a comment")
        #expect(file.lines[1].code.contains("let b = 1"))
        #expect(file.lines[2].comment == "// last")
        #expect(file.lines[4].comment.isEmpty)
    }

    @Test("Functions are measured by their braces, and requirements have none")
    func functions() {
        let text = """
            protocol P {
                func required(a: Int)
                init()
            }
            func one(_ closure: () -> Void = {}) { print("}") }
            func two(
                a: Int
            ) -> Int {
                if a > 0 {
                    return 1
                }
                return 2
            }
            """
        let found = FunctionScan(SourceFile(path: "A.swift", text: text)).functions
        #expect(found.map(\.name) == ["one", "two"])
        #expect(found.map(\.lines) == [1, 8])
    }

    @Test("Rooms are read from the lines of a manifest")
    func rooms() {
        let text = """
            targets: [
                room("A", "Core"),
                room("B", "Edge", ["A", .product(name: "X", package: "x")] + nio),
                tests("BTests", "Edge", ["B"]),
            ]
            """
        let rooms = Rooms(manifest: SourceFile(path: "Package.swift", text: text)).all
        #expect(rooms.map(\.folder) == ["Sources/Core/A/", "Sources/Edge/B/", "Tests/Edge/BTests/"])
        #expect(rooms[1].imports == ["A", "X", "NIOCore", "NIOPosix", "NIOHTTP1"])
    }
}
