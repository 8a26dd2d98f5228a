import Foundation
import SharedMemory
import SharedState

/// A table in a segment of its own, and the work of the measurements on it: of 20 operations 14 read, 5 write
/// and one removes, half of them on texts with 256 bytes and half on 64-bit keys with counters.
final class StateRig: Sendable {
    static let keys = 10_000
    static let valueBytes = 256

    private let segment: Segment
    private let table: StateTable
    private let texts: [String]
    private let value = [UInt8](repeating: 1, count: valueBytes)

    init() throws(MeasurementFailure) {
        let bytes = Self.keys * 1024
        guard let plan = try? StateTablePlan(byteCount: bytes),
            let segment = try? Segment.anonymous(
                SegmentPlan(kind: .core, name: "measured", sections: [plan.section])),
            let section = segment.section(.stateTable), let table = try? StateTable(section: section)
        else { throw .memoryRefused }
        self.segment = segment
        self.table = table
        texts = (0..<Self.keys).map { "session/\($0)/state of the client" }
        for step in 0..<(2 * Self.keys) where !change(step) { throw .memoryRefused }
    }

    /// Sets the key of a step; false if the table refused.
    private func change(_ step: Int) -> Bool {
        let key = step / 2 % Self.keys
        if step % 2 == 0 { return (try? table.set(texts[key], value)) != nil }
        return (try? table.add(UInt64(key), 1)) != nil
    }

    /// Does one operation; returns something of what it read.
    func access(_ step: Int) -> Int {
        // Steps that follow each other go to places that are far apart.
        let place = step &* 7919 % (2 * Self.keys)
        let key = place / 2
        switch step % 20 {
        case 0..<14:
            if place % 2 == 1 { return Int(table.counter(UInt64(key))?.value ?? 0) }
            return table.read(texts[key]) { value, _ in value.byteCount } ?? 0
        case 14..<19: return change(place) ? 1 : 0
        default: return place % 2 == 0 && table.remove(texts[key]) ? 1 : 0
        }
    }

    /// The processor time of so many operations on each of two threads that run at once, added up.
    func processorNanosecondsOnTwoThreads(_ operations: Int) -> Double {
        let meeting = Meeting()
        for thread in 0..<2 {
            Thread {
                meeting.wait()
                let time = Rounds.processorNanoseconds {
                    var sum = 0
                    for step in 0..<operations { sum &+= self.access(step &+ thread &* 3001) }
                    meeting.keep(sum)
                }
                meeting.finish(time)
            }.start()
        }
        return meeting.total()
    }
}
