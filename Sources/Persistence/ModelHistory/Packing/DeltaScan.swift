/// Finds what a version has in common with an older one.
///
/// It goes along the diagonal, the place in the older version that corresponds to this one, where single
/// changed bytes cost nothing to step over, and looks for another diagonal only after some bytes in a row
/// that have no counterpart (as bsdiff and xdelta do; Percival, "Matching with mismatches", 2006, MacDonald,
/// "File system support for delta compression", 2000).
///
/// - Complexity: linear in both, with up to a byte of memory a byte of the older one beside both.
struct DeltaScan {
    /// A shorter run costs more to tell than to repeat.
    private static let leastCopy = 3
    /// Bytes without counterpart before another diagonal is looked for.
    private static let patience = 16

    private let base: [UInt8]
    private let target: [UInt8]
    private var index: BlockIndex?
    private var place = 0
    /// From where on bytes have no counterpart.
    private var start = 0
    /// What is added to a place in the target to have its counterpart.
    private var diagonal = 0
    /// Of the step before.
    private var lastDiagonal = 0
    private(set) var steps: [DeltaStep] = []
    private(set) var literals: [UInt8] = []

    init(from base: [UInt8], to target: [UInt8]) {
        self.base = base
        self.target = target
        while place < target.count { advance() }
        if start < target.count { add(copied: 0) }
    }

    private mutating func advance() {
        let length = runOnDiagonal()
        if length >= Self.leastCopy || length > 0 && place + length == target.count {
            return add(copied: length)
        }
        if place - start >= Self.patience, let found = find() {
            diagonal = found - place
            // Bytes before it may be the same too.
            while place > start, place + diagonal > 0, target[place - 1] == base[place + diagonal - 1] {
                place -= 1
            }
            return
        }
        place += 1
    }

    private func runOnDiagonal() -> Int {
        let first = place + diagonal
        guard first >= 0 else { return 0 }
        let most = min(target.count - place, base.count - first)
        var length = 0
        while length < most, target[place + length] == base[first + length] { length += 1 }
        return length
    }

    private mutating func find() -> Int? {
        if index == nil { index = BlockIndex(base) }
        return index?.match(target, at: place)
    }

    private mutating func add(copied: Int) {
        let end = min(place, target.count)
        literals += target[start..<end]
        let jump = copied > 0 ? diagonal - lastDiagonal : 0
        steps.append(DeltaStep(literals: end - start, copied: copied, jump: jump))
        if copied > 0 { lastDiagonal = diagonal }
        place = end + copied
        start = place
    }
}
