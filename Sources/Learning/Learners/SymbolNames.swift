/// Finds which tools a word names, so that a result that lists tools by name can be understood.
///
/// Memory: about 48 bytes a name, at most `mostNames`.
package struct SymbolNames: Sendable {
    package static let mostNames = 65_536

    private var symbols: [UInt64: [(symbol: Int, group: Int)]] = [:]
    /// A filter of one hash function: most words name no tool.
    private var filter = [UInt64](repeating: 0, count: 1024)

    package init() {}

    /// Makes a name known; what is not one word is not found later.
    package mutating func insert(_ name: String, symbol: Int, group: Int) {
        let hash = ContentTokens.hash(name)
        guard hash != 0, symbols.count < Self.mostNames else { return }
        symbols[hash, default: []].append((symbol, group))
        filter[Int(hash >> 6 & 1023)] |= 1 << (hash & 63)
    }

    @inline(__always)
    func forEach(_ token: UInt64, _ visit: (_ symbol: Int, _ group: Int) -> Void) {
        guard filter[Int(token >> 6 & 1023)] >> (token & 63) & 1 == 1, let found = symbols[token] else {
            return
        }
        for (symbol, group) in found { visit(symbol, group) }
    }
}
