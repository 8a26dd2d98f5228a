import Configuration
import Forwarding
import Rings
import Sessions
import SharedMemory
import SharedState
import Synchronization

/// The core's segment of the shared region: a pair of rings for each event loop, the core's cursors and its
/// state table. It lives as long as the gateway runs.
package final class CoreRegion: Sendable {
    package static let segmentName = "core"
    private static let heartbeatMilliseconds = 400

    package let segment: Segment
    package let sizes: RegionSizes
    /// Sessions, cached results and interned names.
    package let table: StateTable
    package let names: Names
    /// What the gateway writes of its calls.
    let observation: GatewayObservation
    private let heart: any Loop
    private let isRetired = Mutex(false)

    /// Makes the segment and shows it to others.
    ///
    /// - Parameter loops: the event loops, at most `RegionSizes.maxLoops`.
    /// - Throws: `StartFailure.noSharedMemory` where memory, descriptors or the directory are missing,
    ///   `regionOpen` where others may write to the directory.
    package init(_ configuration: GatewayConfiguration, loops: [any Loop]) throws(StartFailure) {
        let sizes = RegionSizes(MemoryBudgets(configuration), loops: loops.count)
        self.sizes = sizes
        heart = loops[0]
        let isFile = configuration.learning.mode == .external
        if isFile, RegionFile.isOpenToOthers(configuration.regionDirectory) {
            throw .regionOpen(path: configuration.regionDirectory)
        }
        try Self.clearStale(configuration.regionDirectory)
        if let left = AvailableMemory.bytes, left < sizes.coreSegmentBytes {
            throw .noSharedMemory(bytes: sizes.coreSegmentBytes, reason: "\(left >> 10) KiB are left")
        }
        do {
            let plan = try Self.plan(sizes)
            if isFile { try RegionFile.makeParents(of: configuration.regionDirectory) }
            let segment: Segment =
                try isFile ? .file(plan, in: configuration.regionDirectory) : .anonymous(plan)
            self.segment = segment
            guard let section = segment.section(.stateTable) else { throw RegionFault.sectionMissing }
            let table = try StateTable(section: section)
            self.table = table
            let names = Names(table: table)
            self.names = names
            let observed = ObservedNames { kind, text in
                NameKind(rawValue: kind.rawValue).map { names.id($0, text) } ?? 0
            }
            observation = GatewayObservation(
                names: observed,
                observers: try loops.map { try Self.observer(of: $0, in: segment, observed) })
            try segment.goLive()
        } catch {
            throw .noSharedMemory(bytes: sizes.coreSegmentBytes, reason: "\(error)")
        }
        beat()
    }

    /// Takes away what a gateway that was killed left in the directory.
    /// - Throws: `StartFailure.regionInUse` if that gateway runs.
    private static func clearStale(_ directory: String) throws(StartFailure) {
        let path = "\(directory)/\(segmentName).segment"
        guard let found = try? AttachedSegment.file(path) else { return }
        let owner = found.header.owner
        if found.state == .live, found.header.boot == BootIdentity.current(), owner.isRunning {
            throw .regionInUse(path: path, processID: owner.processID)
        }
        RegionFile.remove(path)
    }

    private enum RegionFault: Error, CustomStringConvertible {
        case sectionMissing

        var description: String { "its plan lacks a section" }
    }

    private static func plan(_ sizes: RegionSizes) throws(SegmentError) -> SegmentPlan {
        var sections = [SectionPlan.cursors()]
        for loop in 0..<UInt32(sizes.loops) {
            let records = UInt64(
                RegionSizes.ringHeadBytes + sizes.observationRecords * RegionSizes.recordBytes)
            sections.append(.observationRing(loop: loop, within: records))
            let payloads = UInt64(RegionSizes.ringHeadBytes + sizes.payloadBytes)
            sections.append(.payloadRing(loop: loop, within: payloads))
        }
        sections.append(
            SectionPlan(
                kind: .stateTable, index: 0, bytes: UInt64(sizes.coreTableBytes), recordBytes: 1,
                capacity: UInt64(sizes.coreTableBytes)))
        return try SegmentPlan(
            kind: .core, name: segmentName, sections: sections,
            recordDescription: ObservationRecord.fieldDescription)
    }

    private static func observer(
        of loop: any Loop, in segment: Segment, _ names: ObservedNames
    ) throws -> CallObserver {
        let index = UInt32(loop.index)
        guard let records = segment.section(.observationRing, index),
            let payloads = segment.section(.payloadRing, index)
        else { throw RegionFault.sectionMissing }
        return try CallObserver(records, payloads, names: names, on: loop)
    }

    /// Says that the core lives, now and from time to time.
    private func beat() {
        guard !isRetired.withLock({ $0 }) else { return }
        segment.heartbeat()
        _ = heart.schedule(after: .milliseconds(Self.heartbeatMilliseconds)) { [weak self] in self?.beat() }
    }

    /// Tells readers that nothing more will come. The loops must not observe calls any more.
    package func retire() {
        let isFirst = isRetired.withLock { isRetired in
            defer { isRetired = true }
            return !isRetired
        }
        if isFirst { segment.retire() }
    }

    // MARK: How full it is

    /// Bytes of the rings that hold something.
    var ringBytes: Int {
        (0..<UInt32(sizes.loops)).reduce(0) { sum, loop in
            sum + fill(.observationRing, loop, recordBytes: RegionSizes.recordBytes)
                + fill(.payloadRing, loop, recordBytes: 1)
        }
    }

    /// Bytes of the table that entries take.
    var tableBytes: Int { Int(clamping: table.view.statistics.bytes) }

    private func fill(_ kind: SectionKind, _ loop: UInt32, recordBytes: Int) -> Int {
        guard let section = segment.section(kind, loop)?.reading else { return 0 }
        let published: UInt64? =
            switch kind {
            case .observationRing: try? ObservationRingReader(section, from: .end).published
            default: try? PayloadRingReader(section).published
            }
        return Int(clamping: min(published ?? 0, section.capacity)) * recordBytes
    }
}
