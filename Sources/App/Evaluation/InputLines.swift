import Foundation
import Wire

/// Reads files of one JSON object a line, plain or gzipped.
enum InputLines {
    /// The most bytes of a file and of what it expands to.
    static let mostBytes = Gzip.mostBytes

    /// Visits each object with its line number from 1; empty lines are passed over.
    static func forEach(
        _ path: String, _ visit: (JSONView, Int) throws(EvaluationFailure) -> Void
    ) throws(EvaluationFailure) {
        let bytes = try content(path)
        let limits = ScanLimits(maxBytes: 64 << 20)
        var (start, line) = (0, 0)
        while start < bytes.count {
            line += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            defer { start = end + 1 }
            let text = Array(bytes[start..<end])
            guard text.contains(where: { $0 > UInt8(ascii: " ") }) else { continue }
            guard let view = try? JSONView(validating: text, limits: limits), view.kind == .object else {
                throw .malformedLine(path: path, line: line, reason: "it is no JSON object")
            }
            try visit(view, line)
        }
    }

    private static func content(_ path: String) throws(EvaluationFailure) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .unreadable(
                path: path, reason: (error as NSError).localizedFailureReason ?? "there is no such file")
        }
        guard bytes.count <= mostBytes else {
            throw .unreadable(path: path, reason: "it has more than \(mostBytes) bytes")
        }
        guard Gzip.isGzip(bytes) else { return bytes }
        guard let expanded = Gzip.content(of: bytes) else { throw .damagedArchive(path: path) }
        return expanded
    }
}
