import Assembly
import Configuration
import Foundation
import Storage

/// Whether the data directory's values are sealed, and can be read with what is configured.
enum EncryptionChecks {
    private static let check = "encryption"

    static func findings(_ configuration: GatewayConfiguration) -> [Finding] {
        guard configuration.persistence.encrypt else {
            return [Finding(check: check, status: .skip, detail: "[persistence] encrypt is false")]
        }
        let report = KeyReport(configuration, environment: ProcessInfo.processInfo.environment)
        if let fault = report.fault { return [.fail(check, "\(fault)", next: fault.next)] }
        if let store = report.stores.first(where: { $0.problem != nil }), let problem = store.problem {
            let next = "run `attune keys status`, which tells of each store"
            return [.fail(check, "\(store.path): \(problem)", next: next)]
        }
        guard let key = report.dataKeys.last else {
            return [.ok(check, "the keys are made at the first start")]
        }
        return [
            .ok(check, "values are sealed, with data key \(key.epoch) under the key of \(report.keyText)")
        ]
    }
}
