/// A value of a TOML document with its place in the text.
struct TOMLNode: Sendable {
    indirect enum Content: Sendable {
        case string(String)
        case integer(Int)
        case number(Double)
        case boolean(Bool)
        /// A date, a time, or both: no setting is one.
        case date
        case array([TOMLNode])
        /// In the order of the text.
        case table([TOMLEntry])
    }

    var content: Content
    var location: TOMLLocation

    /// The kind as a person calls it, with its article.
    var kind: String {
        switch content {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number with a fraction"
        case .boolean: "true or false"
        case .date: "a date or time"
        case .array: "an array"
        case .table: "a table"
        }
    }

    var table: [TOMLEntry]? {
        if case .table(let entries) = content { entries } else { nil }
    }
}
