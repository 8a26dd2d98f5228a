import Foundation
import Testing

@testable import Configuration

/// Loads a text with an environment of its own.
func load(
    _ text: String, environment: [String: String] = ["HOME": "/home/ada"],
    references: SecretReferences = .kept
) throws -> LoadedConfiguration {
    try GatewayConfiguration.load(
        text: Array(text.utf8), file: "attune.toml", environment: environment, references: references)
}

/// The diagnostics of a text that must be refused.
func refusal(
    _ text: String, environment: [String: String] = ["HOME": "/home/ada"],
    sourceLocation: SourceLocation = #_sourceLocation
) -> [Diagnostic] {
    do throws(ConfigurationFailure) {
        _ = try GatewayConfiguration.load(
            text: Array(text.utf8), file: "attune.toml", environment: environment)
        Issue.record("was accepted", sourceLocation: sourceLocation)
        return []
    } catch {
        return error.diagnostics
    }
}

/// The errors as `line:column message`.
func errors(_ text: String, environment: [String: String] = ["HOME": "/home/ada"]) -> [String] {
    refusal(text, environment: environment).filter { $0.severity == .error }
        .map { "\($0.line ?? 0):\($0.column ?? 0) \($0.message)" }
}

/// A directory that is gone when the test ends.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "attune-configuration-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the directories above it, and gives its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        let parent = URL(fileURLWithPath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    func text(_ file: String) throws -> String { String(decoding: try bytes(file), as: UTF8.self) }
}
