import Storage

/// A store's content that an input describes.
protocol FuzzedLog {
    /// Whether it is a log that was made, with something in it changed.
    var isChanged: Bool { get }
    func store() -> MemoryStore?
}

/// Entries of any keys and values: for each a byte for the family, one for how the key is made, two for the
/// length of the value, and the value.
struct MadeLog: FuzzedLog {
    private var batch = WriteBatch()
    let isChanged = false

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var place: UInt64 = 0
        while rest.count >= 4 {
            let head = Array(rest.prefix(4))
            rest = rest.dropFirst(4)
            let value = rest.prefix(Int(head[2]) | Int(head[3] & 3) << 8)
            rest = rest.dropFirst(value.count)
            switch head[1] {
            case 255: place = .max
            case 254: place = .max - 1
            case 253: place = 1 << 63
            case 200..<253: place &+= UInt64(head[1] - 200)
            default: place = UInt64(head[1])
            }
            var key = AuditFamilies.key(place)
            if head[0] & 2 != 0 { key.removeLast(Int(head[0] >> 5)) }
            batch.put(
                Array(value), for: key, in: head[0] & 1 == 0 ? AuditFamilies.entries : AuditFamilies.heads)
            place &+= 1
        }
    }

    func store() -> MemoryStore? {
        guard let store = try? MemoryStore(families: AuditFamilies.all) else { return nil }
        do { try store.write(batch, .relaxed) } catch { return nil }
        return store
    }
}

/// A log that was made, of which each two bytes change one: which entry, which byte of its value, and how.
struct ChangedLog: FuzzedLog {
    private var batch = WriteBatch()
    private(set) var isChanged = false

    init(_ bytes: [UInt8]) {
        var values = Kept.entries.map(\.value)
        for at in stride(from: 0, to: bytes.count - 3, by: 4) {
            let number = Int(bytes[at]) % values.count
            let place = (Int(bytes[at + 1]) | Int(bytes[at + 2]) << 8) % values[number].count
            values[number][place] ^= bytes[at + 3]
        }
        for (number, entry) in Kept.entries.enumerated() {
            let family = number < Int(Kept.size) ? AuditFamilies.entries : AuditFamilies.heads
            batch.put(values[number], for: entry.key, in: family)
            if values[number] != entry.value { isChanged = true }
        }
    }

    func store() -> MemoryStore? {
        guard let store = try? MemoryStore(families: AuditFamilies.all) else { return nil }
        do { try store.write(batch, .relaxed) } catch { return nil }
        return store
    }
}
