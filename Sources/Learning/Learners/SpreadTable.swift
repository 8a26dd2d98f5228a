/// Mean squares of many things, named by hashes.
///
/// Memory: that of a `PairTable`.
package struct SpreadTable: Sendable {
    /// Beyond as many squares a mean forgets half.
    private static let mostCount: Float = 1024
    private static let mostSquare: Float = 256

    private var table: PairTable

    /// - Parameter bits: the binary logarithm of the number of things, from 4 to 20.
    package init(bits: Int) { table = PairTable(bits: bits) }

    package var memoryBytes: Int { table.memoryBytes }

    /// The mean square, drawn to `prior` as if by `weight` squares of it.
    package func mean(_ name: UInt64, prior: Float, weight: Float) -> Float {
        guard let (sum, count) = table[name] else { return prior }
        return (max(0, sum) + weight * prior) / (count + weight)
    }

    package mutating func insert(_ name: UInt64, square: Float) {
        let (sum, count) = table[name] ?? (0, 0)
        let share: Float = count >= Self.mostCount ? 0.5 : 1
        table.set(name, sum * share + min(square, Self.mostSquare), count * share + 1)
    }
}

extension SpreadTable {
    package func save(to encoder: inout ByteEncoder) { table.save(to: &encoder) }

    /// Reads a table; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        guard let table = PairTable(bits: bits, restoring: &decoder) else { return nil }
        self.table = table
    }
}
