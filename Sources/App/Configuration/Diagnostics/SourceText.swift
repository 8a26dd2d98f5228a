/// The text of a file, with the line and column of every byte.
struct SourceText: Sendable {
    let file: String
    let bytes: [UInt8]
    /// The offset of the first byte of each line; the first is 0.
    private let lineStarts: [Int]

    init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        var starts = [0]
        for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") { starts.append(offset + 1) }
        lineStarts = starts
    }

    /// Line and column of a byte, both from 1; the column counts Unicode scalars.
    ///
    /// - Complexity: O(log lines + length of the line).
    func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = max(0, min(offset, bytes.count))
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + 1, scalars(contentStart(of: low)..<max(offset, contentStart(of: low))) + 1)
    }

    /// The text of a line, counted from 1, without its line break; nil when there is none.
    func line(_ number: Int) -> String? {
        guard lineStarts.indices.contains(number - 1) else { return nil }
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        let start = contentStart(of: number - 1)
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// A diagnostic at a range of bytes; the caret covers no more than the first line of it.
    func diagnostic(
        _ severity: Diagnostic.Severity, at range: Range<Int>, _ message: String, suggestion: String? = nil
    ) -> Diagnostic {
        let (line, column) = position(of: range.lowerBound)
        let lower = max(0, min(range.lowerBound, bytes.count))
        let upper = max(lower, min(range.upperBound, bytes.count))
        let stop = bytes[lower..<upper].firstIndex { $0 == 10 || $0 == 13 } ?? upper
        return Diagnostic(
            severity: severity, file: file, line: line, column: column, length: max(1, scalars(lower..<stop)),
            message: message, suggestion: suggestion, sourceLine: self.line(line))
    }

    /// A byte-order mark is no character of the first line.
    private func contentStart(of line: Int) -> Int {
        line == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : lineStarts[line]
    }

    private func scalars(_ range: Range<Int>) -> Int {
        range.isEmpty ? 0 : bytes[range].count { $0 & 0xC0 != 0x80 }
    }
}
