import Foundation
import Schemas
import Storage
import TestSupport
import Testing

@testable import Audit

@Suite("The audit log") struct AuditLogTests {
    /// What `printf '{"n":1}' | sha256sum` prints, and the same of `{}`.
    private static let argumentsDigest = "2bfd14f43d17fc7cea24e0917a8879b4b2f880b8baeec1b9d90fbaad655e71bd"
    private static let resultDigest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

    @Test("keeps each call with who made it, what came of it, and digests of what was said") func call()
        throws
    {
        let rig = try AuditRig()
        rig.call()
        rig.turn()
        let entries = try rig.entries()
        #expect(entries.map { AuditKind($0) } == [.run, .call])
        guard case .run(let run)? = entries[0].what, case .call(let call)? = entries[1].what else {
            Issue.record("\(entries)")
            return
        }
        #expect(run.started && Array(run.publicKey) == rig.key.publicKey && run.logID.count == 16)
        #expect(call.phase == .whole && call.callID == 1 && call.principal == "ada" && call.session == "s-1")
        #expect(call.server == "git" && call.tool == "git__log" && call.method == "tools/call")
        #expect(call.outcome == .ok && call.adviceVersion == 3 && call.decisions == ["retry: attempt 2"])
        #expect(call.requestBytes == 20 && call.answerBytes == 30 && call.durationUs == 9)
        #expect(call.arguments.size == 7)
        #expect(call.arguments.digest == Data(try #require(Hex.bytes(Self.argumentsDigest))))
        #expect(call.result.digest == Data(try #require(Hex.bytes(Self.resultDigest))))
        #expect(entries.map(\.sequence) == [0, 1])
    }

    @Test("is sound, and goes on after a restart as one log") func restarts() throws {
        let rig = try AuditRig()
        for life in 0..<5 {
            for _ in 0..<life * 7 { rig.call() }
            rig.turn()
            rig.add(.stopped)
            rig.turn(isLast: true)
            try rig.restart()
        }
        let report = try rig.verify()
        #expect(report.findings == [] && report.unsigned == 0)
        #expect(try rig.callIDs() == Array(1...70))
        #expect(report.size == 70 + 5 * 2)
        #expect(report.newestHead?.head.root == report.root)
    }

    @Test("is synced and signed once a second, and keeps a head a minute") func heads() throws {
        let rig = try AuditRig()
        for _ in 0..<180 {
            rig.call()
            rig.turn(after: 1_000_000)
        }
        #expect(rig.disk.unsyncedBytes == 0)
        rig.call()
        rig.turn(after: 1000)
        #expect(rig.disk.unsyncedBytes > 0)
        #expect(try rig.verify().unsigned == 1)
        rig.turn(after: 1_000_000)
        #expect(rig.disk.unsyncedBytes == 0)
        let report = try rig.verify()
        #expect(report.isSound && report.unsigned == 0)
        #expect((3...6).contains(report.heads))
    }

    @Test("has a call's start on disk before the call goes on, where that is asked for") func durable() throws
    {
        var settings = AuditSettings()
        settings.isDurable = true
        let rig = try AuditRig(settings)
        rig.turn()
        #expect(rig.queue.gate == .holds)
        let heard = Heard()
        rig.begin(1, heard)
        rig.begin(2, heard)
        #expect(heard[1] == nil)
        rig.turn(after: 10)
        #expect(heard[1] == .passed && heard[2] == .passed)
        rig.end(1, wasStarted: true)
        rig.disk.restart()
        rig.store.reopen()
        #expect(try rig.callIDs() == [1, 2])
        rig.turn(after: 10)
        #expect(try rig.callIDs() == [1, 2, 1])
        var rows: [(UInt64, AuditPhase)] = []
        try AuditSearch(rig.store).walk { _, entry in
            if case .call(let call) = entry.what { rows.append((call.callID, call.phase)) }
            return true
        }
        #expect(rows.map(\.0) == [1, 2] && rows.map(\.1) == [.end, .start])
        let text = String(decoding: AuditRow.json(2, try rig.reader.entry(2)), as: UTF8.self)
        #expect(text.contains(#""outcome":"started""#) && text.contains(#""call_id":"0000000000000002""#))
    }

    @Test("lets calls wait while more is to be written than it holds, and loses none") func backPressure()
        throws
    {
        var settings = AuditSettings()
        settings.mostWaiting = 4
        let rig = try AuditRig(settings)
        for _ in 0..<4 { rig.call() }
        #expect(rig.queue.gate == .holds)
        let heard = Heard()
        rig.begin(99, heard)
        // Under way already: it has its place.
        for _ in 0..<3 { rig.call() }
        #expect(heard[99] == nil)
        rig.turn()
        #expect(heard[99] == .passed && rig.queue.gate == .open)
        #expect(try rig.callIDs() == Array(1...7))
        #expect(rig.queue.losses == AuditQueue.Losses())
    }

    @Test("has nothing of a call's start that was given up while it waited for room, and its end once")
    func givenUp() throws {
        var settings = AuditSettings()
        settings.isDurable = true
        settings.mostWaiting = 2
        let rig = try AuditRig(settings)
        rig.turn()
        let heard = Heard()
        for id in UInt64(1)...5 { rig.begin(id, heard) }
        // The first is refused when its start has its place already; the others wait for theirs.
        rig.end(1, .overloaded, wasStarted: true)
        rig.end(3, .overloaded, wasStarted: true)
        rig.end(4, .cancelled, wasStarted: true)
        rig.turn()
        rig.turn()
        var rows: [(UInt64, AuditPhase)] = []
        try AuditSearch(rig.store).walk { _, entry in
            if case .call(let call) = entry.what { rows.append((call.callID, call.phase)) }
            return true
        }
        #expect(rows.map(\.0) == [5, 4, 1, 2])
        #expect(rows.map(\.1) == [.start, .whole, .end, .start])
        #expect(rig.worker.status.refused == 1 && rig.worker.status.lost == 0)
        #expect(heard[2] == .passed && heard[5] == .passed && heard[3] == nil && heard[4] == nil)
    }

    @Test("refuses calls while it can't be written, tells how many, and writes the rest later")
    func refuses() throws {
        var settings = AuditSettings()
        settings.onFailure = .refuse
        settings.mostWaiting = 4
        let rig = try AuditRig(settings)
        rig.turn()
        rig.call()
        rig.store.fail(with: .noSpace(.write))
        rig.turn()
        #expect(rig.worker.status.reason == "there is no space left on the disk to write")
        #expect(rig.queue.gate == .refuses)
        for _ in 0..<9 { rig.call(.overloaded) }
        rig.call()
        #expect(rig.queue.losses.refused == 5)
        rig.store.fail(with: nil)
        rig.turn()
        rig.turn()
        #expect(rig.worker.status.reason == nil && rig.queue.gate == .open)
        #expect(try rig.callIDs() == [1, 2, 3, 4, 5, 11])
        let gaps = try rig.entries().compactMap { if case .gap(let gap) = $0.what { gap } else { nil } }
        #expect(gaps.map(\.refused) == [5] && gaps.map(\.lost) == [0])
        #expect(try rig.verify().isSound)
    }

    @Test("serves calls while it can't be written, if so told, and tells how many it lost") func serves()
        throws
    {
        var settings = AuditSettings()
        settings.isDurable = true
        settings.mostWaiting = 4
        let rig = try AuditRig(settings)
        rig.turn()
        let heard = Heard()
        rig.begin(100, heard)
        rig.store.fail(with: .inputOutput(.sync, detail: "the device failed"))
        rig.turn()
        #expect(heard[100] == .passed && rig.queue.gate == .open)
        for _ in 0..<20 { rig.call() }
        #expect(rig.queue.losses.lost == 12)
        rig.store.fail(with: nil)
        rig.turn()
        rig.turn()
        #expect(try rig.callIDs() == [100] + Array(1...8))
        #expect(rig.worker.status.lost == 12)
        #expect(try rig.verify().isSound)
    }

    @Test("keeps a flood of those who are turned away from pushing calls out") func floods() throws {
        let rig = try AuditRig()
        for _ in 0..<1000 {
            rig.add(.access(AuditedAccess(status: 401, path: "/mcp", principal: "", reason: "no key")))
        }
        rig.turn()
        rig.add(.access(AuditedAccess(status: 403, path: "/mcp", principal: "eve", reason: "no")))
        rig.turn()
        let found = try rig.entries().compactMap { if case .access(let one) = $0.what { one } else { nil } }
        #expect(found.count == 33 && found[32].more == 968 && found[32].principal == "eve")
    }

    @Test("writes down acts, configurations and ends") func acts() throws {
        let rig = try AuditRig()
        rig.add(.act(action: "reload", origin: "admin", outcome: "applied", details: ["server git added"]))
        rig.add(.change(file: "/etc/attune.toml", contents: [1, 2], changes: ["server git added"]))
        rig.add(.stopped)
        rig.turn()
        #expect(try rig.entries().map { AuditKind($0) } == [.run, .admin, .config, .run])
        let rows = try rig.entries().enumerated().map {
            String(decoding: AuditRow.json(UInt64($0), $1), as: UTF8.self)
        }
        #expect(rows[1].contains(#""action":"reload","origin":"admin","outcome":"applied""#))
        #expect(
            rows[2].contains(#""sha256":"a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222""#))
        #expect(rows[3].contains(#""event":"stop""#))
    }

    @Test("finds entries by kind, principal, tool, server, call and time, the newest first") func search()
        throws
    {
        let rig = try AuditRig()
        for _ in 0..<10 { rig.call() }
        rig.add(.access(AuditedAccess(status: 403, path: "/mcp", principal: "eve", reason: "no")))
        rig.turn()
        func places(_ change: (inout AuditFilter) -> Void, before: UInt64? = nil, limit: Int = 0) throws
            -> [UInt64]
        {
            var filter = AuditFilter()
            change(&filter)
            var found: [UInt64] = []
            try AuditSearch(rig.store).walk(filter, before: before) { place, _ in
                found.append(place)
                return found.count != limit
            }
            return found
        }
        #expect(try places { $0.kind = .call } == (1...10).reversed())
        #expect(try places({ $0.kind = .call }, limit: 3) == [10, 9, 8])
        #expect(try places({ $0.kind = .call }, before: 8, limit: 3) == [7, 6, 5])
        #expect(try places { $0.principal = "eve" } == [11])
        #expect(try places { $0.tool = "git__log" }.count == 10)
        #expect(try places { $0.server = "other" } == [])
        #expect(try places { $0.callID = 4 } == [4])
        #expect(
            try places {
                $0.kind = .call
                $0.until = 1_800_000_000_000_000
            } == [])
    }
}
