import CWire

/// Walks over the tokens of a text's outer levels, which `CWire` has judged before it gives them out.
///
/// It checks nothing itself: a text that is in doubt makes the next step throw, and what is thrown then says
/// nothing about the text. Every read through `source` is at a token start or before one, and no token starts
/// on the padding.
@safe
struct OutlineCursor: EnvelopeCursor, ~Copyable {
    /// The walk sees the tokens of the message and of its `params` or `result`, and `CWire` adds those of
    /// `_meta`.
    static let levels = 2

    let source: UnsafePointer<UInt8>
    private(set) var position = 0
    private(set) var byte: UInt8 = 0

    private let outline: UnsafeMutablePointer<cwire_outline>
    private let starts: UnsafePointer<UInt32>
    private var next = 0
    private var found = 0

    /// - Parameters:
    ///   - outline: at the front of a text whose first token opens a container.
    ///   - starts: where it writes the tokens.
    init(
        _ outline: UnsafeMutablePointer<cwire_outline>, starts: UnsafePointer<UInt32>
    ) throws(ScanError) {
        unsafe self.outline = outline
        unsafe self.starts = starts
        unsafe source = outline.pointee.source
        try refill()
    }

    var mayHaveEscapes: Bool { unsafe outline.pointee.backslashes != 0 }

    /// The end of the text has been reached, and all of it is in order.
    var isAtEnd: Bool { unsafe position == outline.pointee.count }

    @inline(__always)
    private mutating func advance() throws(ScanError) {
        if next == found { try refill() } else { step(1) }
    }

    /// - Precondition: that many tokens are left in this batch.
    @inline(__always)
    private mutating func step(_ tokens: Int) {
        next &+= tokens
        position = unsafe Int(starts[next &- 1])
        byte = unsafe source[position]
    }

    /// Moves to the first token of the next batch, or to the end of the text.
    @inline(never)
    private mutating func refill() throws(ScanError) {
        unsafe cwire_outline_advance(outline)
        if unsafe outline.pointee.doubtful { throw .syntax(offset: 0) }
        next = 0
        found = unsafe outline.pointee.found
        if found > 0 {
            step(1)
        } else {
            position = unsafe outline.pointee.count
            byte = 0
        }
    }

    @inline(__always)
    mutating func passValue() throws(ScanError) {
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { try passContents() }
        try advance()
    }

    /// Moves from an opening bracket to the one that closes it.
    private mutating func passContents() throws(ScanError) {
        var depth = 1
        while true {
            // In local variables, so that they stay in registers.
            var next = next
            let found = found
            while next < found {
                let byte = unsafe source[Int(starts[next])]
                next &+= 1
                switch byte {
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth &-= 1
                default: break
                }
                if depth == 0 {
                    step(next &- self.next)
                    return
                }
            }
            try refill()
            // A text that ends before its last bracket is in doubt, so `refill` has thrown.
            guard self.found > 0 else { throw .syntax(offset: position) }
            self.next = 0
        }
    }

    @inline(__always)
    mutating func openObject() throws(ScanError) { try advance() }

    @inline(__always)
    mutating func nextKey(first: inout Bool) throws(ScanError) -> KeyText? {
        if byte == UInt8(ascii: "}") {
            try advance()
            return nil
        }
        if !first { try advance() }
        first = false
        let start = position
        let colon: Int
        if found &- next >= 2 {
            colon = unsafe Int(starts[next])
            step(2)
        } else {
            try advance()
            colon = position
            try advance()
        }
        return unsafe KeyText(source, start &+ 1, endBefore(colon) &- 1, mayHaveEscapes: mayHaveEscapes)
    }
}
