/// One key of a TOML table with its value.
struct TOMLEntry: Sendable {
    var key: String
    var node: TOMLNode
}
