import Configuration
import Journal
import Rings
import SharedMemory
import SharedState
import Storage
import Telemetry

extension GatewayProgram {
    /// The journal of what the gateway observes; nil where nothing is observed.
    static func journal(
        _ configuration: GatewayConfiguration, _ region: CoreRegion?, _ keeper: StoreKeeper
    ) -> ObservationJournal? {
        guard let region else { return nil }
        let rings = (0..<UInt32(region.sizes.loops)).compactMap { loop -> (Section, Section)? in
            guard let records = region.segment.section(.observationRing, loop)?.reading,
                let payloads = region.segment.section(.payloadRing, loop)?.reading
            else { return nil }
            return (records, payloads)
        }
        let names = region.table.view
        return try? ObservationJournal(
            keeper, rings: rings, settings: JournalSettings(configuration)
        ) { names.name($0)?.text }
    }

    func registerJournalMetrics() {
        let families = [
            MetricFamily(
                "attune_journal_records_total", .counter, "Calls written to the journal."
            ) { [weak self] in Self.sample(self?.journal?.status.written) },
            MetricFamily(
                "attune_journal_lost_total", .counter,
                "Calls that the journal did not read before they were overwritten, or found damaged."
            ) { [weak self] in Self.sample(self?.journal?.status.lost) },
            MetricFamily("attune_journal_up", .gauge, "Whether the journal is written.") { [weak self] in
                Self.sample(self.flatMap { $0.journal == nil ? nil : $0.keeper.status.fault == nil ? 1 : 0 })
            },
        ]
        for family in families { recorder.metrics.register(family) }
    }

    private static func sample(_ value: UInt64?) -> [MetricFamily.Sample] {
        value.map { [MetricFamily.Sample([], Double($0))] } ?? []
    }
}

extension JournalSettings {
    init(_ configuration: GatewayConfiguration) {
        self.init()
        switch configuration.learning.capture {
        case .digest: capture = .digest
        case .full: capture = .full
        case .none: capture = .none
        }
        durability = configuration.learning.journal == .durable ? .durable : .relaxed
        retention = .seconds(86_400 * configuration.persistence.retentionDays)
        retentionBytes = configuration.persistence.retentionBytes
    }
}
