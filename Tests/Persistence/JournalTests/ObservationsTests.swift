import Foundation
import Parquet
import Storage
import Testing

@testable import Journal

@Suite("Observations") struct ObservationsTests {
    private func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test("as lines have the members of the evaluation data, and what only a gateway knows") func members()
        throws
    {
        var settings = JournalSettings()
        settings.capture = .full
        let rig = try JournalRig(settings)
        rig.call(at: 5, outcome: 1)
        rig.call(at: 1_000_000)
        rig.call(at: 2_000_000, session: 0)
        _ = rig.worker.turn(now: 1_800_000_000_000_000)
        let rows = try rig.lines().map(object)
        #expect(rows.compactMap { $0["step"] as? Int } == [0, 1, 0])
        #expect(rows.compactMap { $0["is_error"] as? Bool } == [true, false, false])
        let row = rows[0]
        #expect(row["server"] as? String == "git" && row["tool"] as? String == "git__log")
        #expect(row["args"] as? String == #"{"n":1}"# && row["args_len"] as? Int == 7)
        #expect(row["args_sha"] as? String == "2bfd14f4" && row["result_sha"] as? String == "8d5706cd")
        #expect(row["result"] as? String == #"{"content":[]}"# && row["result_size"] as? Int == 14)
        #expect(row["outcome"] as? String == "tool_error" && row["call_id"] as? String == "0000000000000001")
        #expect(rows[1]["ts"] as? String == "1970-01-01T00:00:01.000000Z")
    }

    @Test("are those of the time that was asked for, and what can't be read is counted") func range() throws {
        let rig = try JournalRig()
        for time in 1...9 { rig.call(at: UInt64(time)) }
        _ = rig.worker.turn(now: 1_800_000_000_000_000)
        let store = try #require(rig.home.store)
        var batch = WriteBatch()
        batch.put(
            [0xFF, 0xFF], for: JournalKey(microseconds: 4, loop: 9, sequence: 9).bytes,
            in: ObservationJournal.family)
        try store.write(batch, .relaxed)
        var calls = try Observations(store, from: 3, upTo: 6)
        var times: [UInt64] = []
        while let call = try calls.next() { times.append(call.microseconds) }
        #expect(times == [3, 4, 5] && calls.unread == 1)
    }

    @Test("as rows have a value for each column, of its kind") func rows() throws {
        var settings = JournalSettings()
        settings.capture = .full
        let rig = try JournalRig(settings)
        rig.call(at: 5, outcome: 1)
        rig.call(at: 7, session: 0)
        _ = rig.worker.turn(now: 1_800_000_000_000_000)
        var calls = try Observations(try #require(rig.home.store), from: 0, upTo: nil)
        var file: [UInt8] = []
        var writer = ParquetWriter<Never>(Observation.columns, program: "test") { file += $0 }
        var count = 0
        while let call = try calls.next() {
            // It traps where a value is of another kind than its column.
            writer.append(call.row)
            #expect(call.row[14] == .integer(count == 0 ? 5 : 7))
            count += 1
        }
        writer.finish()
        #expect(count == 2 && file.prefix(4) == Array("PAR1".utf8)[...] && file.suffix(4) == file.prefix(4))
    }
}
