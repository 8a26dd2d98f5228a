import Testing

@Suite("Imports") struct ImportTests {
    /// Modules of the toolchain that any room may import.
    static let toolchain: Set<String> = [
        "Swift", "Synchronization", "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Musl",
        "Darwin",
        "Android", "Testing", "RegexBuilder",
    ]
    /// The hot path: no Foundation there.
    static let lean: Set<String> = [
        "Identifiers", "CWire", "Wire", "Sessions", "Routing", "Forwarding", "Telemetry", "SharedMemory",
        "Rings", "SharedState",
    ]
    /// Third-party modules and the one room that may know each.
    static let homes: [(module: String, rooms: Set<String>)] = [
        ("NIO", ["Transports", "TransportsTests"]), ("Subprocess", ["Processes", "ProcessesTests"]),
        ("TOMLKit", ["Configuration", "ConfigurationTests"]), ("ArgumentParser", ["attune"]),
        (
            "Crypto",
            ["Identity", "IdentityTests", "Evaluation", "Journal", "ModelHistory", "Audit", "Sealing"]
        ),
        ("X509", ["Identity", "IdentityTests"]),
        ("SwiftASN1", ["Identity", "IdentityTests"]), ("CRocksDB", ["RocksStorage"]),
        ("SwiftProtobuf", ["Schemas", "SchemasTests"]),
    ]

    struct Import {
        var room: Rooms.Room
        var module: String
        var place: String
    }

    static func imports() throws -> [Import] {
        let rooms = try Rooms(manifest: SourceTree.shared.manifest()).all
        let statement = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+ )?import (?:\w+ )??(\w+)(?:\.\w+)*\s*$/
        return SourceTree.shared.swift.flatMap { file -> [Import] in
            guard let room = rooms.first(where: { file.path.hasPrefix($0.folder) }) else { return [] }
            return file.lines.indices.compactMap { index in
                guard file.lines[index].mentions("import "),
                    let match = file.lines[index].code.firstMatch(of: statement)
                else { return nil }
                return Import(room: room, module: String(match.1), place: file.place(index))
            }
        }
    }

    @Test("The manifest's rooms are understood and each has files") func manifest() throws {
        let rooms = try Rooms(manifest: SourceTree.shared.manifest()).all
        #expect(rooms.count > 10)
        let files = SourceTree.shared.swift + SourceTree.shared.others
        expectNone(rooms.filter { room in !files.contains { $0.path.hasPrefix(room.folder) } }.map(\.folder))
    }

    @Test("Every source file lies in a room") func homeless() throws {
        let rooms = try Rooms(manifest: SourceTree.shared.manifest()).all
        let found = SourceTree.shared.sources.filter { file in
            !rooms.contains { file.path.hasPrefix($0.folder) }
        }
        expectNone(found.map(\.path))
    }

    @Test("A file imports only what Package.swift declares for its room") func declared() throws {
        let found = try Self.imports().filter {
            !Self.toolchain.contains($0.module) && !$0.room.imports.contains($0.module)
        }
        expectNone(found.map { "\($0.place): \($0.room.name) imports \($0.module)" })
    }

    @Test("Package.swift declares no room for another that does not import it") func needless() throws {
        let rooms = try Rooms(manifest: SourceTree.shared.manifest()).all
        let names = Set(rooms.map(\.name))
        let imports = try Self.imports()
        let found = rooms.flatMap { room in
            let used = Set(imports.filter { $0.room.folder == room.folder }.map(\.module))
            return room.imports.intersection(names).subtracting(used).sorted().map {
                "\(room.name) does not import \($0)"
            }
        }
        expectNone(found)
    }

    @Test("The hot path does not import Foundation") func hotPath() throws {
        let found = try Self.imports().filter {
            Self.lean.contains($0.room.name) && ($0.module.hasPrefix("Foundation") || $0.module == "Dispatch")
        }
        expectNone(found.map(\.place))
    }

    @Test("A third-party module is known in one room only") func thirdParties() throws {
        let found = try Self.imports().filter { each in
            Self.homes.contains { each.module.hasPrefix($0.module) && !$0.rooms.contains(each.room.name) }
        }
        expectNone(found.map { "\($0.place): \($0.room.name) imports \($0.module)" })
    }
}
