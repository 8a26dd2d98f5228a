import Audit
import Configuration
import Dashboard
import Foundation
import Identity
import RocksStorage
import Storage
import Telemetry

/// What an operator did by a command, for the audit log.
package struct OperatorAct: Sendable {
    package enum Outcome: String, Sendable { case applied, failed }

    /// Such as "model rollback".
    package let action: String
    package let outcome: Outcome
    /// Who, and what came of it.
    package let details: [String]

    package init(_ action: String, _ outcome: Outcome, _ details: [String]) {
        self.action = action
        self.outcome = outcome
        let all = ["by \(Self.user)"] + details
        let most = ReportedAct.mostDetails
        let told = all.count > most ? all.prefix(most - 1) + ["and \(all.count - most + 1) more"] : all
        self.details = told.map(Self.cut)
    }

    /// The beginning of a text that a running gateway takes too.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > ReportedAct.mostDetailBytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: ReportedAct.mostDetailBytes)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text.unicodeScalars[..<end])
    }

    /// Who runs the command, as the system names them.
    package static var user: String {
        let name = NSUserName()
        return name.isEmpty ? "operator" : String(name.prefix(64))
    }

    /// Writes it to the log of a data directory that no gateway has open; nothing where no log was begun.
    ///
    /// - Throws: `storage` with `locked` where a gateway has the store open.
    package func write(to configuration: GatewayConfiguration) throws(AuditFailure) {
        let places = AuditPlaces(configuration)
        // A log that was begun has its key, and another one is not to be made.
        guard configuration.security.audit != .off, DataStore.core.isThere(configuration),
            FileManager.default.fileExists(atPath: places.key)
        else { return }
        let key = try GatewayProgram.auditKey(at: places.key)
        let store: any OrderedStore
        do throws(StorageError) {
            store = try DataStore.core.open(
                configuration, keys: StoreKeys(configuration, creates: false),
                families: GatewayProgram.families, settings: RocksSettings(configuration.persistence),
                create: false
            ).store
        } catch {
            throw AuditFailure(error)
        }
        defer { try? store.close() }
        _ = try AuditLog.note(
            .act(action: action, origin: "command", outcome: outcome.rawValue, details: details),
            in: store, key: key, witness: AuditWitness(places.witness), version: GatewayVersion.text)
    }
}
