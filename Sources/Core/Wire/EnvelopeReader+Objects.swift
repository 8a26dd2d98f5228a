extension EnvelopeReader {
    mutating func readMessage<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        var seen = Seen()
        var first = true
        try cursor.openObject()
        while let key = try cursor.nextKey(first: &first) {
            if key.equals("jsonrpc") {
                try seen.insert(0, key)
                try readVersion(&cursor)
            } else if key.equals("id") {
                try seen.insert(1, key)
                try readID(&cursor)
            } else if key.equals("method") {
                try seen.insert(2, key)
                try readMethod(&cursor)
            } else if key.equals("params") {
                try seen.insert(3, key)
                try readParams(&cursor)
            } else if key.equals("result") {
                try seen.insert(4, key)
                try readResult(&cursor)
            } else if key.equals("error") {
                try seen.insert(5, key)
                try readError(&cursor)
            } else {
                try cursor.passValue()
            }
        }
    }

    private mutating func readVersion<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        let isString = cursor.byte == UInt8(ascii: "\"")
        let range = try cursor.captureValue()
        hasVersion = isString && cursor.text(range).equals("2.0")
    }

    private mutating func readID<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
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

    private mutating func readMethod<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        hasMethod = true
        methodIsString = cursor.byte == UInt8(ascii: "\"")
        let range = try cursor.captureValue()
        guard methodIsString else { return }
        let text = cursor.text(range)
        frame.method = ByteRange(text.start..<text.end)
        frame.methodHasEscapes = text.hasEscapes
    }

    private mutating func readParams<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        let start = cursor.position
        switch cursor.byte {
        case UInt8(ascii: "{"): try readParamsMembers(&cursor)
        case UInt8(ascii: "["): try cursor.passValue()
        default:
            paramsFit = false
            try cursor.passValue()
        }
        frame.params = cursor.range(from: start)
    }

    private mutating func readParamsMembers<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        var seen = Seen()
        var first = true
        try cursor.openObject()
        while let key = try cursor.nextKey(first: &first) {
            if key.equals("name") {
                try seen.insert(0, key)
                frame.paramsName = try cursor.captureValue()
            } else if key.equals("arguments") {
                try seen.insert(1, key)
                frame.paramsArguments = try cursor.captureValue()
            } else if key.equals("_meta") {
                try seen.insert(2, key)
                try readMeta(&cursor)
            } else if key.equals("uri") {
                try seen.insert(3, key)
                frame.paramsURI = try cursor.captureValue()
            } else if key.equals("cursor") {
                try seen.insert(4, key)
                frame.paramsCursor = try cursor.captureValue()
            } else if key.equals("task") {
                try seen.insert(5, key)
                frame.paramsTask = try cursor.captureValue()
            } else {
                try cursor.passValue()
            }
        }
    }

    private mutating func readMeta<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        let start = cursor.position
        if cursor.byte == UInt8(ascii: "{") {
            var seen = Seen()
            var first = true
            try cursor.openObject()
            while let key = try cursor.nextKey(first: &first) {
                if key.equals("progressToken") {
                    try seen.insert(0, key)
                    frame.progressToken = try cursor.captureValue()
                } else if key.equals("io.modelcontextprotocol/protocolVersion") {
                    try seen.insert(1, key)
                    frame.metaProtocolVersion = try cursor.captureValue()
                } else if key.equals("traceparent") {
                    try seen.insert(2, key)
                    frame.traceparent = try cursor.captureValue()
                } else {
                    try cursor.passValue()
                }
            }
        } else {
            try cursor.passValue()
        }
        frame.paramsMeta = cursor.range(from: start)
    }

    private mutating func readResult<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        let start = cursor.position
        if cursor.byte == UInt8(ascii: "{") {
            var seen = Seen()
            var first = true
            try cursor.openObject()
            while let key = try cursor.nextKey(first: &first) {
                if key.equals("isError") {
                    try seen.insert(0, key)
                    frame.resultIsError = cursor.byte == UInt8(ascii: "t")
                    try cursor.passValue()
                } else if key.equals("resultType") {
                    try seen.insert(1, key)
                    frame.resultType = try cursor.captureValue()
                } else {
                    try cursor.passValue()
                }
            }
        } else {
            try cursor.passValue()
        }
        frame.result = cursor.range(from: start)
    }

    private mutating func readError<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        let start = cursor.position
        errorIsObject = cursor.byte == UInt8(ascii: "{")
        if errorIsObject {
            var seen = Seen()
            var first = true
            try cursor.openObject()
            while let key = try cursor.nextKey(first: &first) {
                if key.equals("code") {
                    try seen.insert(0, key)
                    frame.errorCode = cursor.integer(try cursor.captureValue())
                } else {
                    try cursor.passValue()
                }
            }
        } else {
            try cursor.passValue()
        }
        frame.error = cursor.range(from: start)
    }
}
