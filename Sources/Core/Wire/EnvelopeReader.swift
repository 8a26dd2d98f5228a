/// Reads the members that a `Frame` records, from the token under a cursor.
struct EnvelopeReader: ~Copyable {
    var frame = Frame()

    /// The keys seen in one object, one bit each.
    struct Seen {
        private var bits: UInt8 = 0

        @inline(__always)
        mutating func insert(_ bit: UInt8, _ key: KeyText) throws(ScanError) {
            guard bits & 1 << bit == 0 else { throw .duplicateKey(offset: key.start - 1) }
            bits |= 1 << bit
        }
    }

    var hasVersion = false
    var hasMethod = false
    var methodIsString = false
    var paramsFit = true
    var errorIsObject = false

    init() {}

    mutating func read<Cursor: EnvelopeCursor & ~Copyable>(
        _ cursor: inout Cursor
    ) throws(ScanError) {
        let start = cursor.position
        switch cursor.byte {
        case UInt8(ascii: "{"):
            try readMessage(&cursor)
            let kind = kind
            frame.kind = kind
        case UInt8(ascii: "["):
            try cursor.passValue()
            frame.kind = .batch
        default:
            try cursor.passValue()
        }
        frame.root = cursor.range(from: start)
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
