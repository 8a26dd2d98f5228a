import CWire

/// Walks from token to token over the bytes of one text and judges its grammar (RFC 8259).
///
/// `CWire` classifies the bytes a batch of 64-byte blocks at a time and marks where tokens start: structural
/// characters, opening quotes, and first bytes of numbers and literals. The contents of strings (control characters,
/// escapes, UTF-8) are judged there too; a fault is thrown once the walk has passed every token before it, so the
/// error that is reported is the first in the text.
///
/// Every read through `source` is below `count`, which each read site checks or derives from a mark: a mark is never
/// set on the padding. `closers` has one byte for each of `maxDepth` levels.
@safe
struct Cursor: ~Copyable {
    let source: UnsafePointer<UInt8>
    let count: Int
    let index: UnsafeMutablePointer<cwire_index>
    let closers: UnsafeMutablePointer<UInt8>
    let maxDepth: Int

    /// Offset and value of the token under the cursor; `count` and 0 at the end.
    var position = 0
    var byte: UInt8 = 0

    private var marks: UInt64 = 0
    private var base = 0
    private var block = 0
    private var blocks = 0
    private var fault: ScanError?

    /// Containers open around the cursor, and what closes the innermost one.
    private var depth = 0
    private var closer: UInt8 = 0

    init(
        source: UnsafePointer<UInt8>, count: Int, index: UnsafeMutablePointer<cwire_index>,
        closers: UnsafeMutablePointer<UInt8>, maxDepth: Int
    ) {
        unsafe self.source = source
        self.count = count
        unsafe self.index = index
        unsafe self.closers = closers
        self.maxDepth = maxDepth
        unsafe cwire_begin(index, source, count)
    }

    /// Moves to the next token.
    @inline(__always)
    mutating func advance() throws(ScanError) {
        if marks == 0 {
            guard try refill() else { return }
        }
        position = base &+ marks.trailingZeroBitCount
        marks &= marks &- 1
        byte = unsafe source[position]
    }

    /// Loads the marks of the next block that has any; false at the end of the text.
    @inline(never)
    private mutating func refill() throws(ScanError) -> Bool {
        repeat {
            block += 1
            if block < blocks {
                base += Int(CWIRE_BLOCK)
            } else {
                if let fault { throw fault }
                base = unsafe index.pointee.next
                blocks = unsafe cwire_advance(index)
                guard blocks > 0 else {
                    // A string that is still open took the end for its contents.
                    if unsafe index.pointee.carry.in_string != 0 { throw .syntax(offset: count) }
                    position = count
                    byte = 0
                    return false
                }
                block = 0
            }
            marks = unsafe cwire_marks_at(index, block)
            if unsafe index.pointee.faulty, block == blocks - 1 { stopAtFault() }
        } while marks == 0
        return true
    }

    /// Keeps the marks before the fault in the current block, and the fault for when they are used up.
    private mutating func stopAtFault() {
        let faults = unsafe index.pointee.control_fault | index.pointee.escape_fault
        var offset = faults == 0 ? count : base + faults.trailingZeroBitCount
        fault = .syntax(offset: offset)
        if unsafe index.pointee.encoding_fault {
            let encoding = unsafe cwire_utf8_fault(source, count, base)
            if encoding <= offset {
                offset = encoding
                fault = .invalidUTF8(offset: offset)
            }
        }
        if offset <= base {
            marks = 0
        } else if offset < base + Int(CWIRE_BLOCK) {
            marks &= (1 << UInt64(offset - base)) - 1
        }
    }
}

// MARK: - Grammar

extension Cursor {
    /// Passes one value of any type; the cursor is then at the token behind it.
    mutating func passValue() throws(ScanError) {
        let outer = depth
        while true {
            if byte == UInt8(ascii: "\"") {
                try advance()
            } else if byte | 0x20 == UInt8(ascii: "{") {
                try open()
                if byte != closer {
                    if closer == UInt8(ascii: "}") { try passKey() }
                    continue
                }
                try close()
            } else {
                _ = try scalarEnd()
                try advance()
            }
            while depth > outer {
                if byte == UInt8(ascii: ",") {
                    try advance()
                    if closer == UInt8(ascii: "}") { try passKey() }
                    break
                }
                guard byte == closer else { throw .syntax(offset: position) }
                try close()
            }
            if depth == outer { return }
        }
    }

    /// Passes one value and returns where it is.
    mutating func captureValue() throws(ScanError) -> ByteRange {
        let start = position
        try passValue()
        return ByteRange(start..<endBefore(position))
    }

    /// Enters the container under the cursor.
    @inline(__always)
    mutating func open() throws(ScanError) {
        guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { throw .syntax(offset: position) }
        guard depth < maxDepth else { throw .tooDeep(offset: position) }
        unsafe closers[depth] = closer
        depth += 1
        closer = byte + 2
        try advance()
    }

    /// Leaves the innermost container, at its closing bracket.
    @inline(__always)
    mutating func close() throws(ScanError) {
        depth -= 1
        closer = unsafe closers[depth]
        try advance()
    }

    /// Passes a key and its colon.
    @inline(__always)
    mutating func passKey() throws(ScanError) {
        guard byte == UInt8(ascii: "\"") else { throw .syntax(offset: position) }
        try advance()
        guard byte == UInt8(ascii: ":") else { throw .syntax(offset: position) }
        try advance()
    }

    /// Moves to the next member of the object that was opened last, and past its key.
    ///
    /// - Returns: the key with its quotes, or nil behind the object's closing bracket.
    mutating func nextKey(first: inout Bool) throws(ScanError) -> ByteRange? {
        if byte == closer {
            try close()
            return nil
        }
        if !first {
            guard byte == UInt8(ascii: ",") else { throw .syntax(offset: position) }
            try advance()
        }
        first = false
        let start = position
        guard byte == UInt8(ascii: "\"") else { throw .syntax(offset: position) }
        try advance()
        guard byte == UInt8(ascii: ":") else { throw .syntax(offset: position) }
        let end = endBefore(position)
        try advance()
        return ByteRange(start..<end)
    }

    /// The end of the token before `offset`, without the white space between.
    func endBefore(_ offset: Int) -> Int {
        var end = offset
        while end > 0, Self.isBlank(unsafe source[end - 1]) { end -= 1 }
        return end
    }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

// MARK: - Numbers and literals

extension Cursor {
    /// Checks the number or literal under the cursor and returns its end.
    @inline(__always)
    func scalarEnd() throws(ScanError) -> Int {
        let end: Int
        switch byte {
        case UInt8(ascii: "t"): end = try literalEnd("true")
        case UInt8(ascii: "f"): end = try literalEnd("false")
        case UInt8(ascii: "n"): end = try literalEnd("null")
        default: end = try numberEnd()
        }
        guard end < count else { return end }
        switch unsafe source[end] {
        case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return end
        default: throw .syntax(offset: end)
        }
    }

    private func literalEnd(_ literal: StaticString) throws(ScanError) -> Int {
        for (step, expected) in (0..<literal.bytes.count).lazy.map({ ($0, literal.bytes[$0]) }) {
            guard position + step < count, unsafe source[position + step] == expected else {
                throw .syntax(offset: min(position + step, count))
            }
        }
        return position + literal.bytes.count
    }

    /// number = [ "-" ] int [ "." 1*DIGIT ] [ ("e" / "E") [ "+" / "-" ] 1*DIGIT ] (RFC 8259 section 6).
    private func numberEnd() throws(ScanError) -> Int {
        var end = position
        if byte == UInt8(ascii: "-") { end += 1 }
        if end < count, unsafe source[end] == UInt8(ascii: "0") {
            end += 1
        } else {
            end = try digitsEnd(end)
        }
        if end < count, unsafe source[end] == UInt8(ascii: ".") {
            end = try digitsEnd(end + 1)
        }
        if end < count, unsafe source[end] | 0x20 == UInt8(ascii: "e") {
            end += 1
            if end < count, unsafe source[end] == UInt8(ascii: "+") || source[end] == UInt8(ascii: "-") {
                end += 1
            }
            end = try digitsEnd(end)
        }
        return end
    }

    /// Passes one digit or more.
    private func digitsEnd(_ start: Int) throws(ScanError) -> Int {
        var end = start
        while end < count, unsafe source[end] &- UInt8(ascii: "0") < 10 { end += 1 }
        guard end > start else { throw .syntax(offset: start) }
        return end
    }
}
