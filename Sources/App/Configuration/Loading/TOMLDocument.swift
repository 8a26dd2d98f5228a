import TOMLKit

/// A parsed TOML document whose every value knows its place; the one door to TOMLKit.
///
/// TOMLKit gives back none of the memory of a parsed document (its tables have no owner), so a document is
/// parsed once for each load and turned into values at once.
struct TOMLDocument: Sendable {
    /// The largest file that is read.
    static let maximumBytes = 4 << 20

    let source: SourceText
    let root: TOMLNode

    /// - Throws: `ConfigurationFailure` with the one place at which the text stops being TOML.
    init(_ source: SourceText) throws(ConfigurationFailure) {
        self.source = source
        guard source.bytes.count <= Self.maximumBytes else {
            let message = "the file has \(source.bytes.count) bytes; a configuration has at most 4 MiB"
            throw ConfigurationFailure([Diagnostic(severity: .error, file: source.file, message: message)])
        }
        let locations: [TOMLPath: TOMLLocation]
        do {
            locations = try TOMLLocator.locate(source.bytes)
        } catch {
            throw ConfigurationFailure([Self.diagnostic(error, in: source)])
        }
        guard let text = String(validating: source.bytes, as: UTF8.self) else {
            throw ConfigurationFailure([Self.invalidUTF8(in: source)])
        }
        do {
            let table = try TOMLTable(string: text)
            root = TOMLNode(
                content: Self.content(of: table, at: TOMLPath(), locations), location: Self.nowhere)
        } catch let error as TOMLParseError {
            throw ConfigurationFailure([Self.diagnostic(error, in: source)])
        } catch {
            let message = "the file cannot be parsed"
            throw ConfigurationFailure([Diagnostic(severity: .error, file: source.file, message: message)])
        }
    }

    private static let nowhere = TOMLLocation(key: 0..<0, value: 0..<0)

    private static func content(
        of table: TOMLTable, at path: TOMLPath, _ locations: [TOMLPath: TOMLLocation]
    ) -> TOMLNode.Content {
        let entries = table.keys.compactMap { key -> TOMLEntry? in
            guard let value = table[key] else { return nil }
            return TOMLEntry(key: key, node: node(value, at: path.appending(key), locations))
        }
        return .table(entries.sorted { $0.node.location.key.lowerBound < $1.node.location.key.lowerBound })
    }

    private static func node(
        _ value: any TOMLValueConvertible, at path: TOMLPath, _ locations: [TOMLPath: TOMLLocation]
    ) -> TOMLNode {
        let content: TOMLNode.Content
        switch value.type {
        case .string: content = .string(value.string ?? "")
        case .int: content = .integer(value.int ?? 0)
        case .double: content = .number(value.double ?? .nan)
        case .bool: content = .boolean(value.bool ?? false)
        case .date, .time, .dateTime: content = .date
        case .array:
            guard let array = value.array else { return TOMLNode(content: .array([]), location: nowhere) }
            content = .array(
                (0..<array.count).map { node(array[$0], at: path.appending($0), locations) })
        case .table:
            content = value.table.map { Self.content(of: $0, at: path, locations) } ?? .table([])
        }
        return TOMLNode(content: content, location: locations[path] ?? nowhere)
    }

    private static func diagnostic(_ error: TOMLParseError, in source: SourceText) -> Diagnostic {
        let line = error.source.begin.line
        var message = error.description
        if message.hasPrefix("Error while parsing") {
            message = "syntax error: while parsing" + message.dropFirst(19)
        }
        return Diagnostic(
            severity: .error, file: source.file, line: line, column: error.source.begin.column,
            message: message, sourceLine: source.line(line))
    }

    private static func diagnostic(_ fault: TOMLLocatorFault, in source: SourceText) -> Diagnostic {
        switch fault {
        case .nul(let offset):
            source.diagnostic(.error, at: offset..<offset + 1, "the file holds a NUL character")
        case .notAValue(let range) where range.isEmpty:
            source.diagnostic(.error, at: range, "syntax error: a value is missing")
        case .notAValue(let range):
            source.diagnostic(
                .error, at: range, "syntax error: this is no number and neither true nor false",
                suggestion: "a string stands in quotes")
        case .headerWithoutKey(let offset):
            source.diagnostic(
                .error, at: offset..<offset + 1, "syntax error: a table header needs a key",
                suggestion: "keys of other characters than A-Z, a-z, 0-9, _ and - stand in quotes")
        case .tooDeep(let offset):
            source.diagnostic(
                .error, at: offset..<offset + 1,
                "tables and arrays are nested deeper than \(TOMLLocator.maximumDepth) levels")
        }
    }

    private static func invalidUTF8(in source: SourceText) -> Diagnostic {
        var offset = 0
        var decoder = UTF8()
        var bytes = source.bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) { offset += UTF8.width(scalar) }
        return source.diagnostic(.error, at: offset..<offset + 1, "the file is not UTF-8 from here on")
    }
}
