import Foundation

/// The rooms and test targets as Package.swift declares them.
struct Rooms {
    struct Room {
        var name: String
        /// The folder under which its files lie, ending in a slash.
        var folder: String
        /// The modules that it may import, beside the toolchain's.
        var imports: Set<String>
    }

    let all: [Room]

    init(manifest: SourceFile) {
        let text = manifest.lines.map { line in
            line.comment.isEmpty ? line.text : String(line.text.prefix(line.code.count))
        }.joined(separator: "\n")
        let list = text.range(of: "targets: [\n").map { String(text[$0.upperBound...]) } ?? ""
        all = Self.calls(in: list).compactMap(Self.room)
    }

    /// The texts between the parentheses of `room(…)` and `tests(…)`, with the name of the function in front.
    private static func calls(in text: String) -> [String] {
        var calls: [String] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: /\b(room|tests)\(/) {
            var depth = 1
            let body = rest[start.upperBound...].prefix { character in
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                return depth > 0
            }
            calls.append(String(rest[start]) + String(body))
            rest = body.endIndex < rest.endIndex ? rest[body.endIndex...] : ""
        }
        return calls
    }

    private static func room(_ call: String) -> Room? {
        let products = call.matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) }
        let plain = call.replacing(/\.product\([^)]*\)/, with: "").matches(of: /"([\w\/]*)"/).map {
            String($0.1)
        }
        guard plain.count >= 2 else { return nil }
        var imports = Set(plain[2...] + products)
        if call.contains("+ nio") { imports.formUnion(["NIOCore", "NIOPosix", "NIOHTTP1"]) }
        let top = call.hasPrefix("tests") ? "Tests/" : "Sources/"
        let band = plain[1].isEmpty ? "" : plain[1] + "/"
        return Room(name: plain[0], folder: "\(top)\(band)\(plain[0])/", imports: imports)
    }
}
