/// Parses server-sent events as they arrive (WHATWG HTML, section 9.2.6), in pieces of any size.
///
/// Names of events are not kept: an MCP stream has only messages. An event that the stream's end cuts off is
/// dropped, as the standard says.
struct EventStreamParser {
    enum Failure: Error, Equatable { case eventTooLarge }

    struct Event: Equatable {
        var data: [UInt8]
        /// The id in force, if this event set one.
        var id: String?
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// The longest field name that matters, its colon and the blank after it.
    private static let maxFieldBytes = 8

    private let maxEventBytes: Int
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var id: String?
    private var isAfterReturn = false
    private var isFirstLine = true
    /// The last `retry` field, in milliseconds.
    private(set) var retryMilliseconds: Int?

    /// Bytes of an event that is not whole.
    var heldBytes: Int { line.count + data.count }

    /// - Parameter maxEventBytes: the most data of one event.
    init(maxEventBytes: Int) {
        self.maxEventBytes = maxEventBytes
    }

    /// Takes the next piece and hands on each event that it completes.
    ///
    /// - Complexity: O(bytes); a line that lies in one piece is copied once.
    mutating func parse(_ piece: Span<UInt8>, _ emit: (Event) -> Void) throws(Failure) {
        var start = 0
        var index = 0
        while index < piece.count {
            let byte = piece[index]
            guard byte == 0x0A || byte == 0x0D else {
                index += 1
                isAfterReturn = false
                continue
            }
            if byte == 0x0A, isAfterReturn {
                // The second half of a CR LF pair.
                isAfterReturn = false
                index += 1
                start = index
                continue
            }
            try endLine(piece.extracting(start..<index), emit)
            isAfterReturn = byte == 0x0D
            index += 1
            start = index
        }
        if start < piece.count {
            line.append(piece.extracting(start..<piece.count))
            try checkSize()
        }
    }

    private func checkSize() throws(Failure) {
        guard line.count + data.count <= maxEventBytes + Self.maxFieldBytes else { throw .eventTooLarge }
    }

    private mutating func endLine(_ rest: Span<UInt8>, _ emit: (Event) -> Void) throws(Failure) {
        if line.isEmpty, !isFirstLine {
            try take(rest, emit)
        } else {
            line.append(rest)
            if isFirstLine, line.starts(with: Self.byteOrderMark) { line.removeFirst(3) }
            isFirstLine = false
            var whole: [UInt8] = []
            swap(&whole, &line)
            try take(whole.span, emit)
            whole.removeAll(keepingCapacity: whole.capacity <= 4096)
            line = whole
        }
    }

    private mutating func take(_ line: Span<UInt8>, _ emit: (Event) -> Void) throws(Failure) {
        if line.isEmpty { return dispatch(emit) }
        var colon = 0
        while colon < line.count, line[colon] != UInt8(ascii: ":") { colon += 1 }
        if colon == 0 { return }
        var start = min(colon + 1, line.count)
        if start < line.count, line[start] == 0x20 { start += 1 }
        let value = line.extracting(start..<line.count)
        switch colon {
        case 4 where Self.matches(line, "data"):
            if hasData { data.append(0x0A) }
            hasData = true
            data.append(value)
            guard data.count <= maxEventBytes else { throw .eventTooLarge }
        case 2 where Self.matches(line, "id"):
            guard value.count <= 1024 else { return }
            let text = [UInt8](copying: value)
            if !text.contains(0) { id = String(decoding: text, as: UTF8.self) }
        case 5 where Self.matches(line, "retry"):
            let text = String(decoding: [UInt8](copying: value.extracting(first: 10)), as: UTF8.self)
            if value.count <= 10, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text) {
                retryMilliseconds = number
            }
        default: break
        }
    }

    private mutating func dispatch(_ emit: (Event) -> Void) {
        var event = Event(data: [], id: id)
        swap(&event.data, &data)
        id = nil
        if hasData {
            hasData = false
            emit(event)
        }
    }

    private static func matches(_ line: Span<UInt8>, _ name: String) -> Bool {
        let other = name.utf8Span.span
        for index in other.indices where line[index] != other[index] { return false }
        return true
    }
}
