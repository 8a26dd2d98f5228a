import Foundation
import Processes

/// A directory for the scripts of one test; removed with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "processes-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.resolvingSymlinksInPath().path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func file(_ name: String, _ text: String, mode: Int = 0o755) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// A command that runs a Python script.
    func python(_ script: String, _ arguments: String...) throws -> ServerCommand {
        let file = try file("\(UUID()).py", script)
        return ServerCommand(command: "python3", arguments: [file] + arguments)
    }
}

extension ServerCommand {
    static func shell(_ script: String) -> ServerCommand {
        ServerCommand(command: "sh", arguments: ["-c", script])
    }
}
