/// Finds the place of every key and value of a TOML 1.0 document (toml.io/en/v1.0.0).
///
/// It judges no grammar: TOMLKit does, which in turn gives positions for syntax errors only. On a document
/// that TOMLKit refuses it ends without a fault and what it found means nothing. One pass over the bytes.
struct TOMLLocator {
    /// The deepest nesting of tables and arrays.
    static let maximumDepth = 64

    private(set) var locations: [TOMLPath: TOMLLocation] = [:]
    /// The headers and pairs in the order of the text.
    private(set) var statements: [TOMLStatement] = []
    /// The number of elements of each array of tables.
    private var tableCounts: [TOMLPath: Int] = [:]
    private var table = TOMLPath()
    private var cursor: TOMLCursor

    /// - Throws: `TOMLLocatorFault` for what must not reach TOMLKit.
    static func locate(_ bytes: [UInt8]) throws(TOMLLocatorFault) -> [TOMLPath: TOMLLocation] {
        try scan(bytes).locations
    }

    /// The same, with the statements.
    static func scan(_ bytes: [UInt8]) throws(TOMLLocatorFault) -> TOMLLocator {
        if let nul = bytes.firstIndex(of: 0) { throw .nul(offset: nul) }
        var locator = TOMLLocator(cursor: TOMLCursor(bytes: bytes))
        try locator.document()
        return locator
    }

    private init(cursor: TOMLCursor) { self.cursor = cursor }

    private mutating func document() throws(TOMLLocatorFault) {
        while true {
            cursor.skipBlank()
            guard let byte = cursor.peek else { return }
            let before = cursor.offset
            let isHeader = byte == UInt8(ascii: "[")
            if isHeader { try header() } else { try pair(in: table) }
            let statement = TOMLStatement(table: table, isHeader: isHeader, range: before..<cursor.offset)
            statements.append(statement)
            cursor.skipToLineEnd()
            if cursor.offset == before { cursor.advance() }
        }
    }

    /// `[a.b]` or `[[a.b]]`.
    private mutating func header() throws(TOMLLocatorFault) {
        let start = cursor.offset
        cursor.advance()
        let isArray = cursor.take(UInt8(ascii: "["))
        cursor.skipSpaces()
        guard cursor.isAtKey else { throw .headerWithoutKey(offset: cursor.offset) }
        let keys = try dottedKey()
        cursor.skipSpaces()
        _ = cursor.take(UInt8(ascii: "]"))
        if isArray { _ = cursor.take(UInt8(ascii: "]")) }
        let whole = start..<cursor.offset
        guard let last = keys.last else { return }
        var path = TOMLPath()
        for part in keys.dropLast() { path = enter(path, part, value: whole) }
        if isArray {
            path = path.appending(last.text)
            note(path, TOMLLocation(key: last.range, value: whole))
            let index = tableCounts[path, default: 0]
            tableCounts[path] = index + 1
            path = path.appending(index)
            note(path, TOMLLocation(key: last.range, value: whole))
        } else {
            path = enter(path, last, value: whole)
        }
        try check(path)
        table = path
    }

    /// `a.b = value`.
    private mutating func pair(in parent: TOMLPath) throws(TOMLLocatorFault) {
        let keys = try dottedKey()
        guard let last = keys.last else { return }
        var path = parent
        for part in keys.dropLast() { path = enter(path, part, value: part.range) }
        path = path.appending(last.text)
        try check(path)
        cursor.skipSpaces()
        guard cursor.take(UInt8(ascii: "=")) else { return }
        cursor.skipSpaces()
        let start = cursor.offset
        try value(at: path)
        note(path, TOMLLocation(key: last.range, value: start..<cursor.offset))
    }

    private mutating func value(at path: TOMLPath) throws(TOMLLocatorFault) {
        try check(path)
        switch cursor.peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): try cursor.skipString()
        case UInt8(ascii: "["): try array(at: path)
        case UInt8(ascii: "{"): try inlineTable(at: path)
        default:
            let scalar = cursor.scalar()
            guard TOMLScalar.isWellFormed(cursor.bytes[scalar]) else { throw .notAValue(scalar) }
        }
    }

    private mutating func array(at path: TOMLPath) throws(TOMLLocatorFault) {
        cursor.advance()
        var index = 0
        while true {
            cursor.skipBlank()
            guard let byte = cursor.peek, byte != UInt8(ascii: "]") else { break }
            let start = cursor.offset
            let element = path.appending(index)
            try value(at: element)
            note(element, TOMLLocation(key: start..<cursor.offset, value: start..<cursor.offset))
            index += 1
            cursor.skipBlank()
            let separated = cursor.take(UInt8(ascii: ","))
            if !separated && cursor.offset == start { break }
        }
        _ = cursor.take(UInt8(ascii: "]"))
    }

    private mutating func inlineTable(at path: TOMLPath) throws(TOMLLocatorFault) {
        cursor.advance()
        while true {
            cursor.skipBlank()
            guard let byte = cursor.peek, byte != UInt8(ascii: "}") else { break }
            let start = cursor.offset
            try pair(in: path)
            cursor.skipBlank()
            let separated = cursor.take(UInt8(ascii: ","))
            if !separated && cursor.offset == start { break }
        }
        _ = cursor.take(UInt8(ascii: "}"))
    }

    private mutating func dottedKey() throws(TOMLLocatorFault) -> [TOMLCursor.Key] {
        var keys: [TOMLCursor.Key] = []
        while true {
            cursor.skipSpaces()
            guard let key = try cursor.key() else { return keys }
            if keys.count == Self.maximumDepth { throw .tooDeep(offset: key.range.lowerBound) }
            keys.append(key)
            cursor.skipSpaces()
            guard cursor.take(UInt8(ascii: ".")) else { return keys }
        }
    }

    /// One step into a table; in an array of tables, into its last element.
    private mutating func enter(_ path: TOMLPath, _ key: TOMLCursor.Key, value: Range<Int>) -> TOMLPath {
        let inner = path.appending(key.text)
        note(inner, TOMLLocation(key: key.range, value: value))
        guard let count = tableCounts[inner], count > 0 else { return inner }
        return inner.appending(count - 1)
    }

    /// The first mention of a table is its place.
    private mutating func note(_ path: TOMLPath, _ location: TOMLLocation) {
        if locations[path] == nil { locations[path] = location }
    }

    private func check(_ path: TOMLPath) throws(TOMLLocatorFault) {
        if path.parts.count > Self.maximumDepth { throw .tooDeep(offset: cursor.offset) }
    }
}
