import Crypto

/// Numbers of a run, each of which seals one value.
struct SealingTurn {
    /// What the values' headers have before the number.
    let header: [UInt8]
    let key: SymmetricKey
    private var next: UInt64
    private let end: UInt64

    init(_ dataKey: DataKey, run: [UInt8], key: SymmetricKey, numbers first: UInt64, count: Int) {
        var header: [UInt8] = []
        RecordHeader(dataKey, run: run, number: 0).append(to: &header)
        self.header = Array(header.dropLast(RecordHeader.numberLength))
        self.key = key
        next = first
        end = first + UInt64(count)
    }

    /// Traps where none is left: a number that is used twice gives the key away.
    mutating func takeNumber() -> UInt64 {
        precondition(next < end, "there are as many numbers as values")
        defer { next += 1 }
        return next
    }
}
