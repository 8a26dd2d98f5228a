/// Cuts a byte stream into lines that end with a newline, in pieces of any size.
///
/// A carriage return before the newline is dropped, empty lines are skipped, and a line over the limit is
/// skipped to its end and reported.
struct LineFramer {
    enum Output: Equatable {
        case line([UInt8])
        case oversized
    }

    private let maxLineBytes: Int
    private var partial: [UInt8] = []
    private var isSkipping = false

    /// Bytes of a line that is not whole.
    var heldBytes: Int { partial.count }

    /// Skips the line that is coming in, which is reported as one over the limit.
    mutating func skipLine() {
        partial = []
        isSkipping = true
    }

    /// - Parameter maxLineBytes: the longest line, without its end.
    init(maxLineBytes: Int) {
        self.maxLineBytes = maxLineBytes
    }

    /// Takes the next piece and hands on each line that it completes.
    ///
    /// - Complexity: O(bytes); a line that lies in one piece is copied once.
    mutating func take(_ piece: Span<UInt8>, _ emit: (Output) -> Void) {
        var start = 0
        while let end = Self.newline(in: piece, from: start) {
            endLine(piece.extracting(start..<end), emit)
            start = end + 1
        }
        guard start < piece.count, !isSkipping else { return }
        // One byte more than a line may have, for the carriage return.
        if partial.count + piece.count - start > maxLineBytes + 1 {
            partial = []
            isSkipping = true
        } else {
            partial.append(piece.extracting(start..<piece.count))
        }
    }

    /// Hands on what came after the last newline, as the peer closed without one.
    mutating func finish(_ emit: (Output) -> Void) {
        endLine([UInt8]().span, emit)
    }

    private mutating func endLine(_ rest: Span<UInt8>, _ emit: (Output) -> Void) {
        if isSkipping {
            isSkipping = false
            return emit(.oversized)
        }
        var line: [UInt8] = []
        swap(&line, &partial)
        line.append(rest)
        if line.last == 0x0D { line.removeLast() }
        if line.count > maxLineBytes {
            emit(.oversized)
        } else if !line.isEmpty {
            emit(.line(line))
        }
    }

    private static func newline(in piece: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < piece.count {
            if piece[index] == 0x0A { return index }
            index += 1
        }
        return nil
    }
}
