import Foundation
import Identifiers
import Schemas
import TestSupport
import Testing

@testable import Journal
@testable import Storage

@Suite("The journal") struct JournalTests {
    private let now: UInt64 = 1_800_000_000_000_000

    /// What `printf '{"n":1}' | sha256sum` prints, and the same of `{"content":[]}`.
    private static let argumentsDigest = hex(
        "2bfd14f43d17fc7cea24e0917a8879b4b2f880b8baeec1b9d90fbaad655e71bd")
    private static let resultDigest = hex("8d5706cde045094a27e62ca6e2450d5961a1af1ef704c626199cb1aec16b908f")

    private static func hex(_ text: String) -> Data {
        let digits = text.compactMap(\.hexDigitValue)
        return Data(stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    private func settings(_ capture: Capture) -> JournalSettings {
        var settings = JournalSettings()
        settings.capture = capture
        return settings
    }

    @Test("keeps each call with its names, its times and a digest of what was said") func digest() throws {
        let rig = try JournalRig()
        rig.call(at: 77)
        #expect(rig.worker.turn(now: now) == 1)
        let message = try #require(try rig.messages().first)
        #expect(message.timestamp == 77 && message.messageType == "tools/call")
        #expect(message.call.server == "git" && message.call.tool == "git__log")
        #expect(message.call.principal == "ada" && message.call.session == "s-1")
        #expect(message.call.callID == 1 && message.call.durationUs == 500 && message.call.outcome == .ok)
        #expect(message.call.arguments.digest == Self.argumentsDigest)
        #expect(message.call.result.digest == Self.resultDigest)
        #expect(message.call.arguments.size == 7 && message.call.result.size == 14)
        #expect(message.payload.isEmpty && message.call.resultPayload.isEmpty)
    }

    @Test("keeps the bytes themselves only where that was asked for, and no digest where nothing was")
    func capture() throws {
        let full = try JournalRig(settings(.full))
        full.call()
        _ = full.worker.turn(now: now)
        let kept = try #require(try full.messages().first)
        #expect(kept.payload == Data(#"{"name":"log","arguments":{"n":1}}"#.utf8))
        #expect(kept.call.resultPayload == Data(#"{"content":[]}"#.utf8))
        let none = try JournalRig(settings(.none))
        none.call()
        _ = none.worker.turn(now: now)
        let bare = try #require(try none.messages().first)
        #expect(bare.payload.isEmpty && bare.call.arguments.digest.isEmpty)
        #expect(bare.call.result.digest.isEmpty && bare.call.result.size == 14)
    }

    @Test("tells what it did not read in time as a gap, and loses nothing else") func gap() throws {
        let rig = try JournalRig(records: 16)
        for time in 0..<40 { rig.call(at: UInt64(time) + 1) }
        while rig.worker.turn(now: now) > 0 {}
        let gaps = try rig.gaps()
        let read = try rig.messages().count
        #expect(gaps.map(\.lost) == [24] && gaps.map(\.damaged) == [0] && gaps.map(\.before) == [25])
        #expect(read == 16)
        #expect(rig.worker.status.written == 16 && rig.worker.status.lost == 24)
    }

    @Test("passes over a record that no gateway writes, and counts it") func strange() throws {
        let rig = try JournalRig()
        rig.call(outcome: 200)
        rig.call()
        #expect(rig.worker.turn(now: now) == 1)
        #expect(try rig.gaps().map(\.damaged) == [1])
        #expect(rig.worker.status.lost == 1)
    }

    @Test("waits for a store that can't be had, and writes what the rings still hold") func away() throws {
        let rig = try JournalRig()
        rig.home.disk.fail(operation: rig.home.disk.operations + 1, .inputOutput)
        rig.home.refuse(.noSpace(.open))
        rig.call(at: 1)
        #expect(rig.worker.turn(now: now) == 0)
        rig.call(at: 2)
        _ = rig.keeper.turn(now: 1_000_000_000)
        _ = rig.keeper.turn(now: 2_000_000_000)
        #expect(rig.worker.turn(now: now) == 0 && rig.keeper.status.fault == .noSpace(.open))
        rig.home.refuse(nil)
        _ = rig.keeper.turn(now: 3_000_000_000)
        #expect(rig.worker.turn(now: now) == 1 && rig.worker.turn(now: now) == 1)
        #expect(try rig.messages().map(\.call.callID) == [1, 2])
        #expect(rig.worker.status == JournalStatus(written: 2, lost: 0))
    }

    @Test(
        "writes again what a failing disk refused, once it was opened anew",
        arguments: [
            DiskFault.noSpace, .inputOutput, .shortWrite(bytes: 10),
        ])
    func failing(_ fault: DiskFault) throws {
        for operation in 1..<8 {
            let rig = try JournalRig()
            rig.home.disk.fail(operation: operation, fault)
            for call in 1...4 {
                rig.call(at: UInt64(call))
                _ = rig.worker.turn(now: now)
                _ = rig.keeper.turn(now: UInt64(call) * 4_000_000_000)
                _ = rig.keeper.turn(now: UInt64(call) * 4_000_000_000 + 2_000_000_000)
            }
            while rig.worker.turn(now: now) > 0 {}
            #expect(try rig.messages().map(\.call.callID) == [1, 2, 3, 4], "operation \(operation)")
            #expect(rig.keeper.status.fault == nil && rig.worker.status.lost == 0)
        }
    }

    @Test("forgets what is older than it is to keep") func age() throws {
        var settings = JournalSettings()
        settings.retention = .seconds(100)
        let rig = try JournalRig(settings)
        let start = WallClock.microseconds
        rig.call(at: start)
        rig.call(at: start + 650_000_000)
        _ = rig.worker.turn(now: start)
        #expect(try rig.messages().count == 2)
        _ = rig.worker.turn(now: start + 700_000_000)
        #expect(try rig.messages().map(\.call.callID) == [2])
        #expect(rig.home.reclaims == 1)
    }

    @Test("forgets the oldest while it takes too much space") func size() throws {
        var settings = JournalSettings()
        settings.retentionBytes = 10_000
        let rig = try JournalRig(settings)
        let start = WallClock.microseconds
        for time in 0..<60 { rig.call(at: UInt64(time) + 1) }
        _ = rig.worker.turn(now: start)
        let whole = try rig.messages().count
        rig.home.report(bytes: 12_000)
        _ = rig.worker.turn(now: start + 601_000_000)
        let kept = try rig.messages().map(\.call.callID)
        #expect(whole == 60 && kept.count < 60 && kept.count > 30)
        #expect(kept == Array(UInt64(61 - kept.count)...60), "the youngest stay")
    }

    @Test(
        "forgets the share that is too much where entries take more on disk than they hold",
        arguments: [(500_000, 28), (1, 0)])
    func share(bound: Int, kept: Int) throws {
        var settings = JournalSettings()
        settings.retentionBytes = bound
        let rig = try JournalRig(settings)
        let start = WallClock.microseconds
        for time in 0..<60 { rig.call(at: UInt64(time) + 1) }
        _ = rig.worker.turn(now: start)
        rig.home.report(bytes: 1_000_000)
        _ = rig.worker.turn(now: start + 601_000_000)
        let left = try rig.messages().map(\.call.callID)
        #expect(abs(left.count - kept) <= 1)
        #expect(left == Array(UInt64(61 - left.count)..<61), "the youngest stay")
    }

    @Test("writes all that is in the rings before it ends") func end() throws {
        let rig = try JournalRig(records: 2048)
        for time in 0..<1500 { rig.call(at: UInt64(time) + 1, params: "", result: "") }
        rig.worker.work(until: { true }, pause: {})
        let store = try MemoryStore(rig.home.disk, families: [ObservationJournal.family])
        #expect(try store.entries(in: .all, of: ObservationJournal.family, limit: 10_000).count == 1500)
    }

    @Test("is in the order of time, whatever loop and order the calls came in") func order() throws {
        var generator = SeededGenerator(seed: 11)
        let keys = (0..<200).map { _ in
            JournalKey(
                microseconds: UInt64.random(in: 0...UInt64.max, using: &generator),
                loop: UInt16.random(in: 0...UInt16.max, using: &generator), sequence: generator.next())
        }
        #expect(keys.allSatisfy { JournalKey($0.bytes) == $0 })
        let byBytes = keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        let byTime = keys.sorted {
            ($0.microseconds, $0.loop, $0.sequence) < ($1.microseconds, $1.loop, $1.sequence)
        }
        #expect(byBytes == byTime)
    }
}
