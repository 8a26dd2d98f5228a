import Wire

/// One tool, prompt, resource or resource template as its server listed it.
package struct ListedItem: Sendable {
    /// The item's JSON, byte for byte.
    package var bytes: [UInt8]
    /// The server's own name for it: `name`, `uri` or `uriTemplate`.
    package var name: String
    /// Where that name stands in `bytes`, quotes included.
    package var nameRange: ByteRange
    /// `title`, else the title among the annotations.
    package var title: String?
    /// A tool's input schema in `bytes`; `.none` for the other kinds.
    package var inputSchema: ByteRange
    package var hints: ToolHints
    package var parameterHeaders: [ParameterHeader]

    /// The name as JSON, quotes included, exactly as the server wrote it.
    package var nameJSON: [UInt8] { [UInt8](bytes[nameRange.range]) }
}
