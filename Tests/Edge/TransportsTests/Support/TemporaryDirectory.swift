import Foundation

/// A directory of its own with a short path, removed at the end of `body`.
enum TemporaryDirectory {
    static func run<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = "/tmp/attune-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
