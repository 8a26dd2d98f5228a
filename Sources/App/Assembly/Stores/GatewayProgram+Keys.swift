import Configuration
import Dashboard
import Identifiers
import Storage

extension GatewayProgram {
    /// The keys of the gateway's stores, made at the first start.
    ///
    /// - Throws: if the data can't be read with what is configured: going on would cover that up. A disk that
    ///   takes no key of the gateway's own is left to the store, which is opened anew every second.
    static func storeKeys(
        _ configuration: GatewayConfiguration, environment: [String: String]
    ) throws(StartFailure) -> StoreKeys {
        let keys = StoreKeys(configuration, environment: environment, creates: true)
        do throws(KeyFault) {
            _ = try keys.sealing()
        } catch {
            if case .unwritable = error, configuration.persistence.key == nil { return keys }
            throw .badStoreKey(error)
        }
        return keys
    }

    /// Why the gateway is degraded, if it can't read its key ring any more.
    var keysReason: Readiness.Reason? {
        guard let (fault, since) = keys.fault else { return nil }
        return Readiness.Reason(
            component: "keys", state: "stale", detail: "\(fault)", sinceMicroseconds: since)
    }
}
