/// How one item of a model, such as a tool's statistics, differs between two versions.
public struct ModelDifference: Equatable, Sendable {
    public enum Change: String, Sendable {
        case added, removed, changed
    }

    /// A number before and after; nil where there was none.
    public struct Field: Equatable, Sendable {
        public var name: String
        public var old: Double?
        public var new: Double?

        public init(_ name: String, _ old: Double?, _ new: Double?) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    public var part: String
    /// Such as `SERVER/TOOL`.
    public var item: String
    public var change: Change
    /// Those that differ.
    public var fields: [Field]

    public init(part: String, item: String, change: Change, fields: [Field]) {
        self.part = part
        self.item = item
        self.change = change
        self.fields = fields
    }
}
