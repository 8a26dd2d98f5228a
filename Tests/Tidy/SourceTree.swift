import Foundation

/// The project's own files, read once.
struct SourceTree: Sendable {
    static let shared = SourceTree(
        root: URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent())

    let root: URL
    let swift: [SourceFile]
    /// Python, C and shell: judged by their lines only.
    let others: [SourceFile]

    /// The Swift files of the program itself.
    var sources: [SourceFile] { swift.filter { $0.path.hasPrefix("Sources/") } }

    init(root: URL) {
        self.root = root
        var swift: [SourceFile] = []
        var others: [SourceFile] = []
        for top in ["Sources", "Tests", "Fuzz", "Benchmarks", "Examples", "scripts", ".ci"] {
            let folder = root.appending(path: top)
            let found =
                FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
            for path in found.sorted() where !path.contains(".build/") && !path.contains("__pycache__") {
                let kind = Self.kind(path, in: top)
                guard let kind,
                    let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
                else { continue }
                let file = SourceFile(path: "\(top)/\(path)", text: text)
                if kind == .swift { swift.append(file) } else { others.append(file) }
            }
        }
        self.swift = swift
        self.others = others
    }

    private enum Kind { case swift, other }

    private static func kind(_ path: String, in top: String) -> Kind? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // What protoc writes is not written by hand.
        if name.hasSuffix(".pb.swift") { return nil }
        if name.hasSuffix(".swift") { return .swift }
        let isScript = !name.contains(".") && (top == "scripts" || top == ".ci")
        let isOther = [".py", ".c", ".h", ".cpp", ".sh"].contains { name.hasSuffix($0) }
        return isOther || isScript ? .other : nil
    }

    /// The manifest, whose lines name each room and what it may import.
    func manifest() throws -> SourceFile {
        let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        return SourceFile(path: "Package.swift", text: text)
    }
}
