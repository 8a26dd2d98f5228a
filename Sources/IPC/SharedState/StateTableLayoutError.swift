/// Why a section can't hold a table, or does not hold one that this program can read.
public enum StateTableLayoutError: Error, Hashable, Sendable {
    case tooSmall(bytes: Int, needed: Int)
    case noTable
    case unknownLayout(found: UInt32, known: UInt32)
    /// A number in the table's head is none that a table of so many bytes can have.
    case damagedHead(bytes: Int)
}
