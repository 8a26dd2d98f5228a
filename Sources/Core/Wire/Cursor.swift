import CWire

/// Walks from token to token over the bytes of one text and judges its grammar (RFC 8259).
///
/// `CWire` classifies the bytes a batch of 64-byte blocks at a time and finds where tokens start: structural
/// characters, opening quotes, and first bytes of numbers and literals. The contents of strings (control
/// characters, escapes, UTF-8) are judged there too; a fault is thrown once the walk has passed every token
/// before it, so the error that is reported is the first in the text.
///
/// Every read through `source` is below `count`: each read site checks, or reads at a token start, and no
/// token starts on the padding. `closers` has a byte for each of `maxDepth` levels.
@safe
struct Cursor: EnvelopeCursor, ~Copyable {
    let source: UnsafePointer<UInt8>
    let count: Int
    let closers: UnsafeMutablePointer<UInt8>
    let maxDepth: Int

    /// The token under the cursor.
    var here: Token
    /// Containers open around it, and what closes the innermost one.
    var depth = 0
    var closer: UInt8 = 0

    private let index: UnsafeMutablePointer<cwire_index>
    private var fault: ScanError?

    /// - Parameters:
    ///   - index: uninitialised.
    ///   - starts: room for `CWIRE_STARTS` offsets.
    ///   - closers: room for `maxDepth` bytes.
    init(
        source: UnsafePointer<UInt8>, count: Int, index: UnsafeMutablePointer<cwire_index>,
        starts: UnsafeMutablePointer<UInt16>, closers: UnsafeMutablePointer<UInt8>, maxDepth: Int
    ) throws(ScanError) {
        unsafe self.source = source
        self.count = count
        unsafe self.closers = closers
        self.maxDepth = maxDepth
        unsafe self.index = index
        unsafe cwire_begin(index, source, count, starts)
        here = unsafe Token(starts: starts)
        try advance()
    }

    /// Moves to the next token.
    @inline(__always)
    mutating func advance() throws(ScanError) {
        if here.isLastOfBatch {
            let batch = try refill()
            unsafe here.enter(batch, source)
        } else {
            unsafe here.step(source)
        }
    }

    var mayHaveEscapes: Bool { unsafe index.pointee.backslashes != 0 }

    /// Loads the next batch that has tokens: its offset in the text and their number, 0 at the end of the
    /// text.
    @inline(never)
    mutating func refill() throws(ScanError) -> (base: Int, found: Int) {
        while true {
            if let fault { throw fault }
            let base = unsafe index.pointee.next
            let blocks = unsafe cwire_advance(index)
            guard blocks > 0 else {
                // A string that is still open took the end for its contents.
                if unsafe index.pointee.carry.in_string != 0 { throw .syntax(offset: count) }
                return (count, 0)
            }
            if unsafe index.pointee.faulty { stopAtFault(base, blocks) }
            let found = unsafe index.pointee.found
            if found > 0 { return (base, found) }
        }
    }

    /// Keeps the tokens before the fault in a batch's last block, and the fault for when they are used up.
    private mutating func stopAtFault(_ base: Int, _ blocks: Int) {
        let block = base + (blocks - 1) * Int(CWIRE_BLOCK)
        let faults = unsafe index.pointee.control_fault | index.pointee.escape_fault
        var offset = faults == 0 ? count : block + faults.trailingZeroBitCount
        fault = .syntax(offset: offset)
        if unsafe index.pointee.encoding_fault {
            let encoding = unsafe cwire_utf8_fault(source, count, block)
            if encoding <= offset {
                offset = encoding
                fault = .invalidUTF8(offset: offset)
            }
        }
        while unsafe index.pointee.found > 0,
            unsafe base + Int(index.pointee.starts[index.pointee.found - 1]) >= offset
        {
            unsafe index.pointee.found -= 1
        }
    }

    /// Where the walk is; loops keep it in a local variable, so that it stays in registers.
    @safe
    struct Token {
        /// Offset and value of the token's first byte; the length of the text and 0 at its end.
        private(set) var position = 0
        private(set) var byte: UInt8 = 0

        private let starts: UnsafeMutablePointer<UInt16>
        private var base = 0
        private var next = 0
        private var found = 0

        init(starts: UnsafeMutablePointer<UInt16>) { unsafe self.starts = starts }

        @inline(__always)
        fileprivate var isLastOfBatch: Bool { next == found }

        /// Moves to the next token; loads another batch through the cursor when this one is used up.
        @inline(__always)
        mutating func advance(_ cursor: inout Cursor) throws(ScanError) {
            if isLastOfBatch {
                let batch = try cursor.refill()
                unsafe enter(batch, cursor.source)
            } else {
                unsafe step(cursor.source)
            }
        }

        @inline(__always)
        fileprivate mutating func enter(_ batch: (base: Int, found: Int), _ source: UnsafePointer<UInt8>) {
            (base, found) = batch
            next = 0
            if found > 0 {
                unsafe step(source)
            } else {
                position = base
                byte = 0
            }
        }

        @inline(__always)
        fileprivate mutating func step(_ source: UnsafePointer<UInt8>) {
            position = unsafe base &+ Int(starts[next])
            next &+= 1
            byte = unsafe source[position]
        }
    }
}
