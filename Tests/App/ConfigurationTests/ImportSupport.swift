import Foundation
import Testing

@testable import Configuration

/// A home directory, a project in it, and imports between them.
struct ImportWorld {
    let scratch: Scratch
    var environment: [String: String] = [:]
    /// Attune's configuration, below the home directory.
    var place = "attune.toml"

    init() throws {
        scratch = try Scratch()
        try scratch.write("project/.keep", "")
    }

    var home: String { scratch.path }
    var project: String { scratch.path + "/project" }
    var configuration: String { scratch.path + "/" + place }

    var places: ImportPlaces {
        ImportPlaces(home: home, workingDirectory: project, environment: environment, platform: .linux)
    }

    func plan(_ sources: ImportSource...) throws -> ImportPlan {
        try ImportPlan.make(
            sources: sources.isEmpty ? [.everything] : sources, places: places,
            configurationPath: configuration)
    }

    /// Writes a file, imports it alone, and gives the servers that Attune then has.
    func servers(
        _ name: String, _ text: String, environment: [String: String] = [:]
    ) throws -> [ServerConfiguration] {
        try scratch.write(name, text)
        let toml = try plan().toml
        return try load(toml, environment: environment).configuration.servers
    }

    func undo(force: Bool = false) throws -> [ImportAction] {
        try ImportPlan.undo(places: places, force: force)
    }

    func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// All files below the home directory with their content.
    func snapshot() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: home) {
            let path = home + "/" + name
            guard let bytes = try? scratch.bytes(path) else { continue }
            files[name] = bytes
        }
        return files
    }
}
