extension Cursor {
    var position: Int { here.position }
    var byte: UInt8 { here.byte }

    /// Passes one value of any type; the cursor is then at the token behind it.
    @inline(__always)
    mutating func passValue() throws(ScanError) {
        if byte == UInt8(ascii: "\"") {
            try advance()
        } else {
            try passAnyValue()
        }
    }

    private mutating func passAnyValue() throws(ScanError) {
        let outer = depth
        var depth = outer
        var closer = closer
        var token = here
        while true {
            if token.byte == UInt8(ascii: "\"") {
                try token.advance(&self)
            } else if token.byte == UInt8(ascii: "{") || token.byte == UInt8(ascii: "[") {
                guard depth < maxDepth else { throw .tooDeep(offset: token.position) }
                unsafe closers[depth] = closer
                depth &+= 1
                closer = token.byte &+ 2
                try token.advance(&self)
                if token.byte != closer {
                    if closer == UInt8(ascii: "}") { try passKey(&token) }
                    continue
                }
                depth &-= 1
                closer = unsafe closers[depth]
                try token.advance(&self)
            } else {
                try checkScalar(token)
                try token.advance(&self)
            }
            while depth > outer {
                if token.byte == UInt8(ascii: ",") {
                    try token.advance(&self)
                    if closer == UInt8(ascii: "}") { try passKey(&token) }
                    break
                }
                guard token.byte == closer else { throw .syntax(offset: token.position) }
                depth &-= 1
                closer = unsafe closers[depth]
                try token.advance(&self)
            }
            if depth == outer {
                here = token
                return
            }
        }
    }

    /// Passes a key and its colon.
    @inline(__always)
    private mutating func passKey(_ token: inout Token) throws(ScanError) {
        guard token.byte == UInt8(ascii: "\"") else { throw .syntax(offset: token.position) }
        try token.advance(&self)
        guard token.byte == UInt8(ascii: ":") else { throw .syntax(offset: token.position) }
        try token.advance(&self)
    }

    /// Passes one value and returns where it is.
    @inline(__always)
    mutating func captureValue() throws(ScanError) -> ByteRange {
        let start = position
        try passValue()
        return ByteRange(start..<endBefore(position))
    }

    /// The contents of a string that has been passed.
    func text(_ quoted: ByteRange) -> KeyText {
        unsafe KeyText(source, Int(quoted.start) + 1, Int(quoted.end) - 1, mayHaveEscapes: mayHaveEscapes)
    }

    /// Enters the object under the cursor.
    @inline(__always)
    mutating func openObject() throws(ScanError) {
        guard depth < maxDepth else { throw .tooDeep(offset: position) }
        unsafe closers[depth] = closer
        depth += 1
        closer = UInt8(ascii: "}")
        try advance()
    }

    /// Moves to the next member of the object that was opened last, and past its key.
    ///
    /// - Returns: the key, or nil behind the object's closing bracket.
    mutating func nextKey(first: inout Bool) throws(ScanError) -> KeyText? {
        var token = here
        if token.byte == UInt8(ascii: "}") {
            depth -= 1
            closer = unsafe closers[depth]
            try token.advance(&self)
            here = token
            return nil
        }
        if !first {
            guard token.byte == UInt8(ascii: ",") else { throw .syntax(offset: token.position) }
            try token.advance(&self)
        }
        first = false
        let start = token.position
        guard token.byte == UInt8(ascii: "\"") else { throw .syntax(offset: start) }
        try token.advance(&self)
        guard token.byte == UInt8(ascii: ":") else { throw .syntax(offset: token.position) }
        let end = endBefore(token.position)
        try token.advance(&self)
        here = token
        return unsafe KeyText(source, start &+ 1, end &- 1, mayHaveEscapes: mayHaveEscapes)
    }

    /// The end of the token before `offset`, without the white space between.
    @inline(__always)
    func endBefore(_ offset: Int) -> Int {
        var end = offset
        while end > 0 {
            switch unsafe source[end - 1] {
            case 0x20, 0x0A, 0x0D, 0x09: end -= 1
            default: return end
            }
        }
        return end
    }
}
