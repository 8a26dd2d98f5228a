import Audit
import Configuration
import Dashboard
import Identity
import Sealing
import Storage
import Synchronization
import Telemetry

extension GatewayProgram {
    /// How long the audit log waits for the store to be opened before it says that it can't be written.
    private static let openingPatience = Duration.seconds(10)

    /// The audit log; nil with `[security] audit = "off"`.
    ///
    /// Where calls are served without it, a key that can't be had is asked for again every second, as the
    /// store is: a disk that is full takes none.
    static func makeAudit(
        _ configuration: GatewayConfiguration, _ keeper: StoreKeeper, _ log: Log
    ) throws(StartFailure) -> GatewayAudit? {
        let security = configuration.security
        guard security.audit != .off else { return nil }
        let places = AuditPlaces(configuration)
        let source: AuditKey.Source = { () throws(AuditFailure) in try auditKey(at: places.key) }
        if security.effectiveOnFailure == .refuse {
            do throws(AuditFailure) { _ = try source() } catch { throw .badAuditKey(reason: "\(error)") }
        }
        return GatewayAudit(
            AuditLog(
                keeper.store, key: source, witness: AuditWitness(places.witness),
                settings: AuditSettings(security), version: GatewayVersion.text, log: log))
    }

    /// - Throws: `noKey`.
    static func auditKey(at path: String) throws(AuditFailure) -> AuditKey {
        do throws(KeyFile.Fault) {
            let keys = try KeyFile.keys(at: path)
            guard let key = keys.first.flatMap({ AuditKey(text: $0.text) }) else { throw .content(.noKey) }
            return key
        } catch {
            throw .noKey(reason: "\(path): \(error)")
        }
    }

    /// Begins to write, when the store is open.
    func startAudit() {
        audit?.log.start { [keeper] in _ = keeper.waitUntilOpen(atMost: Self.openingPatience) }
    }

    /// Why the gateway is degraded, if its audit log is not written or was tampered with.
    var auditReason: Readiness.Reason? {
        guard let status = audit?.log.status, let reason = status.reason else { return nil }
        return Readiness.Reason(
            component: "audit", state: status.state, detail: reason,
            sinceMicroseconds: status.sinceMicroseconds)
    }

    /// Takes note of a reload that an operator asked for.
    func noteReload(origin: String, _ outcome: ReloadOutcome) {
        let (label, details) =
            switch outcome {
            case .applied(let changes, let notes): ("applied", changes + notes)
            case .refused(let problems): ("refused", problems)
            case .busy: ("busy", [String]())
            }
        noteAct("reload", origin: origin, label, details)
    }

    /// Takes note of what an operator asked for over the admin address.
    func noteTask(_ task: StoreTask, _ outcome: StoreTask.Outcome) {
        let action =
            switch task {
            case .checkpoint: "store checkpoint"
            case .compact: "store compact"
            }
        switch outcome {
        case .done(let path, _, _): noteAct(action, origin: "admin", "applied", [path])
        case .failed(let reason): noteAct(action, origin: "admin", "refused", [reason])
        }
    }

    /// Takes note of what an operator did by a command that works on files itself.
    func note(_ act: ReportedAct) -> ReportedAct.Receipt {
        guard let log = audit?.log else { return .notKept }
        let isTaken = log.add(
            .act(action: act.action, origin: "command", outcome: act.outcome, details: act.details))
        return isTaken ? .noted : .crowded
    }

    /// Takes note of the data keys that are in use from now on, whoever made them.
    func noteKeys() {
        keys.onChange { [weak self] in self?.noteRing() }
        noteRing()
    }

    private func noteRing() {
        guard audit != nil, let ring = (try? keys.sealing())?.ring else { return }
        let newest = ring.current
        let isNews = notedEpoch.withLock { noted in
            defer { noted = newest.epoch }
            return noted != newest.epoch
        }
        guard isNews else { return }
        let made = Timestamp.text(newest.createdMicroseconds)
        noteAct(
            "keys", origin: "file", "in force",
            ["data key \(newest.epoch) (\(newest.idText)) of \(made)", "\(ring.keys.count) data keys"])
    }

    private func noteAct(_ action: String, origin: String, _ outcome: String, _ details: [String]) {
        audit?.log.add(.act(action: action, origin: origin, outcome: outcome, details: details))
    }

    /// Takes note of the configuration that is in force from now on.
    func noteConfiguration(_ loaded: LoadedConfiguration, changes: [String]) {
        audit?.log.add(.change(file: loaded.path ?? "", contents: loaded.contents, changes: changes))
    }

    func registerAuditMetrics() {
        let families = [
            MetricFamily("attune_audit_entries_total", .counter, "Entries written to the audit log.") {
                [weak self] in Self.auditSample(self?.audit?.log.status.written)
            },
            MetricFamily(
                "attune_audit_lost_total", .counter,
                "Calls and other things without an entry in the audit log, as a gap there tells."
            ) { [weak self] in Self.auditSample(self?.audit?.log.status.lost) },
            MetricFamily(
                "attune_audit_waiting", .gauge, "Things that wait to be written to the audit log."
            ) { [weak self] in Self.auditSample(self?.audit.map { UInt64($0.log.status.waiting) }) },
            MetricFamily("attune_audit_up", .gauge, "Whether the audit log is written.") { [weak self] in
                Self.auditSample(self?.audit.map { $0.log.status.fault == nil ? 1 : 0 })
            },
        ]
        for family in families { recorder.metrics.register(family) }
    }

    private static func auditSample(_ value: UInt64?) -> [MetricFamily.Sample] {
        value.map { [MetricFamily.Sample([], Double($0))] } ?? []
    }
}
