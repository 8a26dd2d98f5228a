/// The last lines of a byte stream that nobody vouches for.
///
/// A value that takes chunks as they come. Lines end at a newline; a longer one than `maxLineBytes` is cut
/// and the rest of it skipped. Invalid UTF-8 becomes U+FFFD, and terminal control sequences are taken out,
/// so that a line can be shown on a terminal. Memory: at most `maxLines + 1` lines.
package struct StandardErrorTail: Sendable {
    package static let maxLines = 50
    package static let maxLineBytes = 4096

    /// Complete lines, oldest first, and what stands after the last newline.
    package var lines: [String] {
        partial.isEmpty ? Array(recent) : Array((recent + [Self.readable(partial)]).suffix(Self.maxLines))
    }

    private var recent: [String] = []
    private var partial: [UInt8] = []

    package init() {}

    /// Takes the next bytes of the stream.
    ///
    /// - Returns: the lines that these bytes completed; empty ones are left out.
    package mutating func append(_ chunk: [UInt8]) -> [String] {
        var completed: [String] = []
        var start = 0
        // A plain loop: the generic searches of the library are slow where a build does not optimise.
        for index in 0..<chunk.count where chunk[index] == UInt8(ascii: "\n") {
            extend(with: chunk[start..<index])
            let line = Self.readable(partial)
            if !line.isEmpty { completed.append(line) }
            partial.removeAll(keepingCapacity: true)
            start = index + 1
        }
        extend(with: chunk[start...])
        recent.append(contentsOf: completed.suffix(Self.maxLines))
        if recent.count > Self.maxLines { recent.removeFirst(recent.count - Self.maxLines) }
        return completed
    }

    private mutating func extend(with bytes: ArraySlice<UInt8>) {
        partial.append(contentsOf: bytes.prefix(Self.maxLineBytes - partial.count))
    }

    /// A text of at most `maxLineBytes` without control characters but the tab.
    private static func readable(_ bytes: [UInt8]) -> String {
        let decoded = String(decoding: bytes, as: UTF8.self)
        if isPlain(bytes) { return decoded }
        var text = String.UnicodeScalarView()
        var size = 0
        var sequence = ControlSequence.none
        for scalar in decoded.unicodeScalars {
            if sequence.consumes(scalar) { continue }
            let isControl = scalar.properties.generalCategory == .control
            if isControl, scalar != "\t" { continue }
            size += UTF8.width(scalar)
            if size > maxLineBytes { break }
            text.append(scalar)
        }
        return String(text)
    }

    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        for byte in bytes where byte < 0x20 || byte > 0x7E { return false }
        return true
    }

    /// Where in a terminal control sequence a reader stands (ECMA-48, sections 5.3 and 5.4).
    private enum ControlSequence {
        case none, escape, parameters

        mutating func consumes(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .none:
                guard scalar == "\u{1B}" else { return false }
                self = .escape
            case .escape:
                self = scalar == "[" ? .parameters : .none
            case .parameters:
                if (0x40...0x7E).contains(scalar.value) { self = .none }
            }
            return true
        }
    }
}
