import Glibc
import Identifiers
import Rings
import SharedMemory
import SharedState

/// What the rooms promise: no thread sees what another has not finished.
enum Scenarios {
    static let records = 20_000

    /// Two readers that keep up with a writer, for which the ring is large enough.
    static func observations() throws { try observe(capacity: 32_768) }

    /// Two readers that a writer overruns all the time.
    static func overrun() throws { try observe(capacity: 16) }

    private static func observe(capacity: UInt64) throws {
        let ground = try Ground([.observationRing(loop: 0, within: 256 + capacity * 128)])
        let section = ground.section(.observationRing)
        let writer = Handed(try ObservationRingWriter(section))
        let reader = try ObservationRingReader(section.reading, from: .beginning)
        let read: @Sendable () -> Void = {
            var reader = reader
            var got: [ObservationRecord] = []
            var count = 0
            while reader.position < records {
                got.removeAll(keepingCapacity: true)
                count += (try? reader.read(limit: 32, into: &got)) ?? 0
                if got.contains(where: { $0.callID != $0.sequence - 1 }) { fatalError("a torn record") }
            }
            guard reader.damaged == 0, count + Int(reader.lost) == records else {
                fatalError("wrong accounts")
            }
        }
        Threads.run([
            {
                var writer = writer.take()
                for index in 0..<records {
                    var record = ObservationRecord()
                    record.callID = UInt64(index)
                    writer.append(record)
                    if index % 7 == 0 { writer.flush() }
                }
                writer.flush()
            }, read, read,
        ])
    }

    /// A writer whose payload ring is large enough, and a reader of every payload.
    static func payloads() throws {
        let ground = try Ground([
            .observationRing(loop: 0, within: 256 + 4096 * 128), .payloadRing(loop: 0, within: 4 << 20),
        ])
        let log = Handed(
            try ObservationLog(
                ring: ground.section(.observationRing), payloads: ground.section(.payloadRing)))
        let observations = try ObservationRingReader(
            ground.section(.observationRing).reading, from: .beginning)
        let payloads = try PayloadRingReader(ground.section(.payloadRing).reading)
        Threads.run([
            {
                var log = log.take()
                let bytes = [UInt8](repeating: 7, count: 700)
                for index in 0..<500 {
                    log.append(
                        ObservationRecord(), params: bytes.span.extracting(first: index % 300),
                        result: bytes.span)
                    if index % 5 == 0 { log.flush() }
                }
                log.flush()
            },
            {
                var reader = observations
                var got: [ObservationRecord] = []
                while reader.position < 500 {
                    got.removeAll(keepingCapacity: true)
                    _ = try? reader.read(limit: 32, into: &got)
                    for record in got {
                        guard let payload = payloads.payload(of: record),
                            payload.result.count == 700, payload.result.allSatisfy({ $0 == 7 })
                        else { fatalError("a payload is missing") }
                    }
                }
            },
        ])
    }

    /// A small ring that comes round many times: the writer may go on only behind the reader's cursor.
    static func commands() throws {
        let ground = try Ground([.commandRing(lane: 0, within: 256 + 4096), .cursors()])
        let section = ground.section(.commandRing)
        var first = try CommandRingWriter(section)
        first.reader = try CursorView(ground.section(.cursors).reading)
        let writer = Handed(first)
        let reader = try CommandRingReader(section.reading, from: .unread)
        var table = try CursorTable(ground.section(.cursors))
        let cursor = try table.take(.commands(lane: 0), generation: section.generation)
        Threads.run([
            {
                var writer = writer.take()
                let bytes = [UInt8](repeating: 9, count: 500)
                for index in 0..<2000 {
                    while writer.put(kind: 1, bytes.span.extracting(first: index % 500)) == .full {
                        sched_yield()
                    }
                }
            },
            {
                var reader = reader
                for index in 0..<2000 {
                    while true {
                        let isWhole = reader.next { command, body in
                            command.sequence == index + 1 && body.count == index % 500
                        }
                        if isWhole == false { fatalError("a torn command") }
                        if isWhole == true { break }
                        sched_yield()
                    }
                    cursor.advance(to: reader.position)
                }
            },
        ])
    }

    /// A writer and two readers of one state table that is too small for all keys.
    static func table() throws {
        let plan = try StateTablePlan(byteCount: 1 << 18, averageValueBytes: 64)
        let ground = try Ground([plan.section])
        let table = try StateTable(section: ground.section(.stateTable), averageValueBytes: 64)
        let write: @Sendable () -> Void = {
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<5000 {
                let key = UInt64.random(in: 0..<3000, using: &generator)
                let value = [UInt8](repeating: UInt8(truncatingIfNeeded: key), count: Int(key % 100) + 1)
                _ = try? table.set(key, value)
                if key % 9 == 0 { _ = table.remove(key + 1) }
            }
        }
        let read: @Sendable () -> Void = {
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<10_000 {
                let key = UInt64.random(in: 0..<3000, using: &generator)
                guard let found = table.view.value(key) else { continue }
                let isWhole =
                    found.bytes.count == Int(key % 100) + 1
                    && found.bytes.allSatisfy { $0 == UInt8(truncatingIfNeeded: key) }
                if !isWhole { fatalError("a torn value") }
            }
        }
        Threads.run([write, read, read])
    }
}
