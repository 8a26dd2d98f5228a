import Wire

/// What Wire's scanner says of a file.
struct JSONVerdict {
    struct Fault {
        var reason: String
        /// The first byte that is wrong, from 0; nil if the file as a whole is.
        var offset: Int?
    }

    let name: String
    let fault: Fault?
    private let bytes: [UInt8]

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
        do throws(ScanError) {
            try Scanner.validate(bytes)
            fault = nil
        } catch {
            fault = Self.fault(error)
        }
    }

    var text: String {
        guard let fault else { return "\(name): valid JSON" }
        guard let offset = fault.offset else { return "\(name): \(fault.reason)" }
        let (line, column) = position(of: offset)
        return "\(name):\(line):\(column): \(fault.reason) (byte \(offset))"
    }

    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("valid", fault == nil)
        if let fault {
            json.field("reason", fault.reason)
            if let offset = fault.offset {
                let (line, column) = position(of: offset)
                json.field("offset", offset)
                json.field("line", line)
                json.field("column", column)
            }
        }
        json.endObject()
        return json.bytes
    }

    /// Line and column, both from 1; the column counts Unicode scalars.
    private func position(of offset: Int) -> (line: Int, column: Int) {
        let before = bytes.prefix(max(0, offset))
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        return (line, before[start...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    private static func fault(_ error: ScanError) -> Fault {
        switch error {
        case .empty: Fault(reason: "there is no JSON value")
        case .syntax(let offset): Fault(reason: "not JSON from here on", offset: offset)
        case .invalidUTF8(let offset): Fault(reason: "not UTF-8 from here on", offset: offset)
        case .byteOrderMark: Fault(reason: "begins with a byte-order mark", offset: 0)
        case .tooDeep(let offset):
            Fault(reason: "nested deeper than \(ScanLimits.standard.maxDepth) levels", offset: offset)
        case .tooLarge(let bytes):
            Fault(reason: "has \(bytes) bytes; a message has at most \(ScanLimits.standard.maxBytes)")
        case .duplicateKey(let offset): Fault(reason: "a key of the envelope comes twice", offset: offset)
        case .trailingBytes(let offset): Fault(reason: "something follows the value", offset: offset)
        case .notUTF8Encoding: Fault(reason: "encoded as UTF-16 or UTF-32; only UTF-8 is taken", offset: 0)
        }
    }
}
