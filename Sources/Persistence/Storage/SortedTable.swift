/// Entries in an array in the order of their keys.
///
/// - Complexity: a look-up is logarithmic, an insertion linear; a copy costs nothing until one of the two
///   changes.
struct SortedTable: Equatable {
    private(set) var entries: [Entry] = []
    /// Of all keys and values.
    private(set) var bytes = 0

    func value(of key: [UInt8]) -> [UInt8]? {
        let index = firstIndex(from: key)
        return index < entries.count && entries[index].key == key ? entries[index].value : nil
    }

    mutating func put(_ value: [UInt8], for key: [UInt8]) {
        let index = firstIndex(from: key)
        if index < entries.count, entries[index].key == key {
            bytes += value.count - entries[index].value.count
            entries[index].value = value
        } else {
            entries.insert(Entry(key: key, value: value), at: index)
            bytes += key.count + value.count
        }
    }

    mutating func delete(_ key: [UInt8]) {
        let index = firstIndex(from: key)
        guard index < entries.count, entries[index].key == key else { return }
        remove(index..<index + 1)
    }

    mutating func delete(_ range: KeyRange) { remove(indices(of: range)) }

    func indices(of range: KeyRange) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        return firstIndex(from: range.lower)..<(range.upper.map(firstIndex) ?? entries.count)
    }

    private mutating func remove(_ indices: Range<Int>) {
        bytes -= entries[indices].reduce(0) { $0 + $1.key.count + $1.value.count }
        entries.removeSubrange(indices)
    }

    /// The place of the first key that is not below `key`.
    private func firstIndex(from key: [UInt8]) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
