import Foundation
import Identifiers
import SharedMemory
import SharedState
import TestSupport
import Testing

/// A small table whose every byte is known, in a segment of its own, for readers in any language:
/// `Tests/IPC/Golden` has its bytes, and as JSON what a reader finds in them.
struct GoldenTable {
    static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Golden")
    static let seed: UInt64 = 0x0123_4567_89AB_CDEF
    private static let generation: UInt64 = 1_700_000_000_000_000_000
    private static let boot = (0..<16).map { UInt8($0 * 17) }

    var bytes: [UInt8] = []
    /// What a reader finds, as the JSON file says it.
    var contents: [String: Any] = [:]

    init() throws {
        let plan = try StateTablePlan(byteCount: 80_000, averageValueBytes: 100)
        let segment = try Segment.anonymous(
            SegmentPlan(kind: .core, name: "core", sections: [plan.section]))
        let section = try #require(segment.section(.stateTable))
        // Proof: the section keeps its mapping, which the table keeps.
        let table = try unsafe StateTable(
            base: section.base, byteCount: section.bytes, mapping: section.reading.mapping,
            averageValueBytes: 100, seed: Self.seed)
        try Self.fill(table)
        let names = try Self.name(table)
        try segment.goLive()
        try copy(segment)
        contents = [
            "seed": Self.seed, "names": names, "absent": ["never", "removed", "expired"],
            "entries": table.view.snapshot().map(\.json).sorted {
                ($0["key"] as? String ?? "") < ($1["key"] as? String ?? "")
            },
            "statistics": table.view.statistics.json,
        ]
    }

    /// Entries of every form: in the slot, in a block, in a row of pages; chains of more than one; a counter.
    private static func fill(_ table: StateTable) throws {
        var random = SeededGenerator(seed: 7)
        for (index, length) in [0, 1, 7, 8, 9, 31, 32, 33, 100, 1000, 4096, 5000].enumerated() {
            try table.set(random.next(), random.bytes(length), isPinned: index == 3)
            try table.set(random.bytes(index * 23), random.bytes(length), isPinned: index == 4)
        }
        try table.set("stat/files/read_file", random.bytes(64), expiry: MonotonicTime(nanoseconds: .max))
        try table.set("expired", [1], expiry: MonotonicTime(nanoseconds: 1))
        try table.set("removed", [1])
        table.remove("removed")
        for amount in [5, -12] as [Int64] {
            try table.add("counter", amount)
            try table.add(UInt64(77), amount)
        }
    }

    private static func name(_ table: StateTable) throws -> [[String: Any]] {
        let names = Names(table: table)
        let all: [(NameKind, String)] = [
            (.server, "files"), (.tool, "files__read_file"), (.session, "0f9a-session"),
            (.principal, "schlüssel"), (.method, "tools/call"), (.other, ""),
            (.tool, String(repeating: "日本", count: 50)),
        ]
        return all.map { kind, text in
            let id = names.id(kind, text)
            return ["id": id, "kind": kind.rawValue, "text": table.name(id)?.text ?? "", "given": text]
        }
    }

    /// The segment's bytes, with what differs from run to run replaced.
    private mutating func copy(_ segment: Segment) throws {
        let file = FileHandle(fileDescriptor: dup(segment.descriptor), closeOnDealloc: true)
        try file.seek(toOffset: 0)
        bytes = Array(try #require(try file.readToEnd()))
        put(Self.generation, 24)
        bytes.replaceSubrange(32..<48, with: Self.boot)
        for (offset, word) in [(48, 4242), (56, 987_654_321), (72, 123_456_789_000)] as [(Int, UInt64)] {
            put(word, offset)
        }
        put(SegmentLayout.checksum(Array(bytes[..<SegmentLayout.pageBytes])), 88)
    }

    private mutating func put(_ value: UInt64, _ offset: Int) {
        for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8)) }
    }
}

extension [UInt8] {
    var hex: String {
        map { (byte: UInt8) -> String in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension TableEntry {
    /// A number as a decimal text behind "#", a byte string in hexadecimal digits.
    var json: [String: Any] {
        let key =
            switch key {
            case .word(let word): "#\(word)"
            case .bytes(let bytes): bytes.hex
            }
        return ["key": key, "value": value.hex, "version": version, "expiry": expiry, "pinned": isPinned]
    }
}

extension TableStatistics {
    var json: [String: Any] {
        [
            "entries": entries, "bytes": bytes, "writes": writes, "evictions": evictions,
            "expirations": expirations, "refusals": refusals, "pinned": pinnedEntries,
        ]
    }
}
