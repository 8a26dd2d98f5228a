/// Reads the members that a `Frame` records, from the token under a cursor.
struct EnvelopeReader: ~Copyable {
    var frame = Frame()

    /// The keys seen in one object, one bit each.
    private struct Seen {
        private var bits: UInt8 = 0

        mutating func insert(_ bit: UInt8, _ key: ByteRange) throws(ScanError) {
            guard bits & 1 << bit == 0 else { throw .duplicateKey(offset: Int(key.start)) }
            bits |= 1 << bit
        }
    }

    private var hasVersion = false
    private var hasMethod = false
    private var methodIsString = false
    private var paramsFit = true
    private var errorIsObject = false

    init() {}

    mutating func read(_ cursor: inout Cursor) throws(ScanError) {
        let start = cursor.position
        switch cursor.byte {
        case UInt8(ascii: "{"):
            try readMessage(&cursor)
            frame.kind = kind
        case UInt8(ascii: "["):
            try cursor.passValue()
            frame.kind = .batch
        default:
            try cursor.passValue()
        }
        frame.root = ByteRange(start..<cursor.endBefore(cursor.position))
    }

    /// JSON-RPC 2.0 sections 4 and 5; a request's id is a string or an integer, as MCP narrows it.
    private var kind: Frame.Kind {
        guard hasVersion, paramsFit else { return .invalid }
        if hasMethod {
            guard methodIsString, frame.result.isEmpty, frame.error.isEmpty else { return .invalid }
            switch frame.idKind {
            case .absent: return .notification
            case .integer, .string: return .request
            case .null, .invalid: return .invalid
            }
        }
        switch (frame.result.isEmpty, frame.error.isEmpty) {
        case (false, true):
            return frame.idKind == .integer || frame.idKind == .string ? .result : .invalid
        case (true, false):
            return errorIsObject && frame.idKind != .invalid ? .error : .invalid
        default:
            return .invalid
        }
    }
}

// MARK: - The objects of a message

extension EnvelopeReader {
    private mutating func readMessage(_ cursor: inout Cursor) throws(ScanError) {
        var seen = Seen()
        var first = true
        try cursor.open()
        while let range = try cursor.nextKey(first: &first) {
            let key = unsafe KeyText(cursor.source, quoted: range)
            if key.equals("jsonrpc") {
                try seen.insert(0, range)
                try readVersion(&cursor)
            } else if key.equals("id") {
                try seen.insert(1, range)
                try readID(&cursor)
            } else if key.equals("method") {
                try seen.insert(2, range)
                try readMethod(&cursor)
            } else if key.equals("params") {
                try seen.insert(3, range)
                try readParams(&cursor)
            } else if key.equals("result") {
                try seen.insert(4, range)
                try readResult(&cursor)
            } else if key.equals("error") {
                try seen.insert(5, range)
                try readError(&cursor)
            } else {
                try cursor.passValue()
            }
        }
    }

    private mutating func readVersion(_ cursor: inout Cursor) throws(ScanError) {
        let isString = cursor.byte == UInt8(ascii: "\"")
        let range = try cursor.captureValue()
        hasVersion = unsafe isString && KeyText(cursor.source, quoted: range).equals("2.0")
    }

    private mutating func readID(_ cursor: inout Cursor) throws(ScanError) {
        let byte = cursor.byte
        frame.id = try cursor.captureValue()
        switch byte {
        case UInt8(ascii: "\""): frame.idKind = .string
        case UInt8(ascii: "n"): frame.idKind = .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            frame.idKind = cursor.isInteger(frame.id) ? .integer : .invalid
        default: frame.idKind = .invalid
        }
    }

    private mutating func readMethod(_ cursor: inout Cursor) throws(ScanError) {
        hasMethod = true
        methodIsString = cursor.byte == UInt8(ascii: "\"")
        let range = try cursor.captureValue()
        guard methodIsString else { return }
        let text = unsafe KeyText(cursor.source, quoted: range)
        frame.method = ByteRange(text.start..<text.end)
        frame.methodHasEscapes = text.hasEscapes
    }

    private mutating func readParams(_ cursor: inout Cursor) throws(ScanError) {
        let start = cursor.position
        switch cursor.byte {
        case UInt8(ascii: "{"): try readParamsMembers(&cursor)
        case UInt8(ascii: "["): try cursor.passValue()
        default:
            paramsFit = false
            try cursor.passValue()
        }
        frame.params = ByteRange(start..<cursor.endBefore(cursor.position))
    }

    private mutating func readParamsMembers(_ cursor: inout Cursor) throws(ScanError) {
        var seen = Seen()
        var first = true
        try cursor.open()
        while let range = try cursor.nextKey(first: &first) {
            let key = unsafe KeyText(cursor.source, quoted: range)
            if key.equals("name") {
                try seen.insert(0, range)
                frame.paramsName = try cursor.captureValue()
            } else if key.equals("arguments") {
                try seen.insert(1, range)
                frame.paramsArguments = try cursor.captureValue()
            } else if key.equals("_meta") {
                try seen.insert(2, range)
                try readMeta(&cursor)
            } else if key.equals("uri") {
                try seen.insert(3, range)
                frame.paramsURI = try cursor.captureValue()
            } else if key.equals("cursor") {
                try seen.insert(4, range)
                frame.paramsCursor = try cursor.captureValue()
            } else {
                try cursor.passValue()
            }
        }
    }

    private mutating func readMeta(_ cursor: inout Cursor) throws(ScanError) {
        let start = cursor.position
        if cursor.byte == UInt8(ascii: "{") {
            var seen = Seen()
            var first = true
            try cursor.open()
            while let range = try cursor.nextKey(first: &first) {
                let key = unsafe KeyText(cursor.source, quoted: range)
                if key.equals("progressToken") {
                    try seen.insert(0, range)
                    frame.progressToken = try cursor.captureValue()
                } else if key.equals("io.modelcontextprotocol/protocolVersion") {
                    try seen.insert(1, range)
                    frame.metaProtocolVersion = try cursor.captureValue()
                } else {
                    try cursor.passValue()
                }
            }
        } else {
            try cursor.passValue()
        }
        frame.paramsMeta = ByteRange(start..<cursor.endBefore(cursor.position))
    }

    private mutating func readResult(_ cursor: inout Cursor) throws(ScanError) {
        let start = cursor.position
        if cursor.byte == UInt8(ascii: "{") {
            var seen = Seen()
            var first = true
            try cursor.open()
            while let range = try cursor.nextKey(first: &first) {
                let key = unsafe KeyText(cursor.source, quoted: range)
                if key.equals("isError") {
                    try seen.insert(0, range)
                    frame.resultIsError = cursor.byte == UInt8(ascii: "t")
                    try cursor.passValue()
                } else if key.equals("resultType") {
                    try seen.insert(1, range)
                    frame.resultType = try cursor.captureValue()
                } else {
                    try cursor.passValue()
                }
            }
        } else {
            try cursor.passValue()
        }
        frame.result = ByteRange(start..<cursor.endBefore(cursor.position))
    }

    private mutating func readError(_ cursor: inout Cursor) throws(ScanError) {
        let start = cursor.position
        errorIsObject = cursor.byte == UInt8(ascii: "{")
        if errorIsObject {
            var seen = Seen()
            var first = true
            try cursor.open()
            while let range = try cursor.nextKey(first: &first) {
                let key = unsafe KeyText(cursor.source, quoted: range)
                if key.equals("code") {
                    try seen.insert(0, range)
                    frame.errorCode = cursor.integer(try cursor.captureValue())
                } else {
                    try cursor.passValue()
                }
            }
        } else {
            try cursor.passValue()
        }
        frame.error = ByteRange(start..<cursor.endBefore(cursor.position))
    }
}

// MARK: - Integers

extension Cursor {
    /// Whether a validated number has neither fraction nor exponent.
    func isInteger(_ number: ByteRange) -> Bool {
        for at in number.range {
            let byte = unsafe source[at]
            if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") { return false }
        }
        return true
    }

    /// The value of a validated number, when it is an integer that fits.
    func integer(_ value: ByteRange) -> Int? {
        var number = 0
        var negative = false
        for at in value.range {
            let byte = unsafe source[at]
            if byte == UInt8(ascii: "-"), at == Int(value.start) {
                negative = true
                continue
            }
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
            let digit = Int(byte - UInt8(ascii: "0"))
            let (scaled, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }
}
