import Forwarding
import Rings
import Sessions
import SharedMemory
import SharedState

/// A segment of shared memory as the core makes it, for one loop.
enum MemoryRegion {
    // What each of two loops has by default, but for the table.
    private static let ringBytes: UInt64 = 8 << 20
    private static let payloadBytes: UInt64 = 24 << 20
    private static let tableBytes: UInt64 = 4 << 20

    private enum Fault: Error { case sectionMissing }

    static func observation(of loop: any Loop) throws(MeasurementFailure) -> GatewayObservation {
        do {
            let plan = try SegmentPlan(
                kind: .core, name: "core",
                sections: [
                    .observationRing(loop: 0, within: ringBytes), .payloadRing(loop: 0, within: payloadBytes),
                    SectionPlan(
                        kind: .stateTable, index: 0, bytes: tableBytes, recordBytes: 1, capacity: tableBytes),
                ])
            let segment = try Segment.anonymous(plan)
            guard let records = segment.section(.observationRing),
                let payloads = segment.section(.payloadRing),
                let table = segment.section(.stateTable)
            else { throw Fault.sectionMissing }
            let names = Names(table: try StateTable(section: table))
            let observed = ObservedNames { kind, text in
                NameKind(rawValue: kind.rawValue).map { names.id($0, text) } ?? 0
            }
            let observer = try CallObserver(records, payloads, names: observed, on: loop)
            try segment.goLive()
            return GatewayObservation(names: observed, observers: [observer])
        } catch {
            throw .gatewayDidNotStart
        }
    }
}
