import Testing

@Suite("Names") struct NameTests {
    static let bannedParts = ["Manager", "Helper", "Util", "Misc", "Base", "Common"]
    /// Names that say nothing of what is in a file.
    static let vagueFiles: Set<String> = [
        "Room.swift", "Types.swift", "Models.swift", "Constants.swift", "Extensions.swift", "Functions.swift",
        "Stuff.swift", "Shared.swift", "Core.swift", "Defines.swift", "Globals.swift", "Other.swift",
    ]

    let tree = SourceTree.shared

    @Test("No type or file is named Manager, Helper, Util, Misc, Base or Common") func bannedParts() {
        let declaration = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
        var found: [String] = []
        for file in tree.swift {
            found += Self.bannedParts.filter { Self.hasWord(file.name, $0) }.map { "\(file.path): \($0)" }
            for index in file.lines.indices
            where file.lines[index].mentions("struct", "class", "enum", "actor", "protocol", "typealias") {
                let names = file.lines[index].code.matches(of: declaration).map { String($0.1) }
                found += names.filter { name in Self.bannedParts.contains { Self.hasWord(name, $0) } }
                    .map { "\(file.place(index)): \($0)" }
            }
        }
        expectNone(found)
    }

    /// True if `part` is a word of the camel-cased `name`: `Base` is one of `ClientBase`, not of `Based` or
    /// `Base64`; plurals and `Utility` count too.
    private static func hasWord(_ name: String, _ part: String) -> Bool {
        name.ranges(of: part).contains { range in
            let after = name[range.upperBound...]
            let rest = ["ities", "ity", "s", ""].first { after.hasPrefix($0) } ?? ""
            return after.dropFirst(rest.count).first.map { !$0.isLowercase && !$0.isNumber } ?? true
        }
    }

    @Test("Every file's name says what is in it") func vagueFiles() {
        expectNone(tree.swift.filter { Self.vagueFiles.contains($0.name) }.map(\.path))
    }

    @Test("No type has the name of its module") func moduleNames() throws {
        let modules = Set(try Rooms(manifest: tree.manifest()).all.map(\.name))
        let declaration = /\b(?:struct|class|enum|actor|protocol)\s+(\w+)/
        let found = tree.sources.flatMap { file in
            file.code.matches(of: declaration).map { String($0.1) }.filter(modules.contains)
                .map { "\(file.path): \($0)" }
        }
        expectNone(found)
    }

    @Test("Nothing is left to be done later") func unfinished() {
        let marks = [
            "TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "not implemented", "place" + "holder",
        ]
        var found: [String] = []
        for file in tree.swift + tree.others where !file.path.hasPrefix("Tests/Tidy/") {
            for index in file.lines.indices {
                let text = file.lines[index].comment.isEmpty ? file.lines[index].code : file.lines[index].text
                found += marks.filter(text.holds).map { "\(file.place(index)): \($0)" }
            }
        }
        expectNone(found)
    }
}
