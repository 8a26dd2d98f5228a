extension Cursor {
    var position: Int { here.position }
    var byte: UInt8 { here.byte }

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

    @inline(__always)
    mutating func openObject() throws(ScanError) {
        guard depth < maxDepth else { throw .tooDeep(offset: position) }
        unsafe closers[depth] = closer
        depth += 1
        closer = UInt8(ascii: "}")
        try advance()
    }

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
}
