/// The tools that may come next: those that the connected servers list.
package struct SequenceVocabulary: Sendable, Equatable {
    /// Tools, each once.
    package let symbols: [Int]
    /// The server of each tool.
    package let groups: [Int]
    /// Tells one vocabulary from another.
    package let id: Int

    /// - Precondition: there are as many groups as symbols.
    package init(id: Int, symbols: [Int], groups: [Int]) {
        precondition(symbols.count == groups.count, "each tool has a server")
        self.id = id
        self.symbols = symbols
        self.groups = groups
    }
}
