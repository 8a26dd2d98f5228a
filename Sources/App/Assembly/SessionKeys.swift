import Configuration
import Identity
import Telemetry

/// The keys that session ids and parked calls are sealed with.
enum SessionKeys {
    /// - Throws: if the configured key cannot be had. The gateway's own file may fail: then a key of this run
    ///   does, and sessions end with the run.
    static func sealer(
        _ configuration: GatewayConfiguration, environment: [String: String], log: Log
    ) throws(StartFailure) -> KeyedSealer {
        guard let source = configuration.security.sessionKey else {
            let path = "\(configuration.persistence.directory.value)/keys/session.key"
            do throws(KeyFile.Fault) {
                return sealer(try KeyFile.keys(at: path))
            } catch {
                log.warn(
                    "no session key: client sessions end with this run of the gateway",
                    ["file": .string(path), "reason": .string("\(error)")])
                return KeyedSealer(key: SealingKey())
            }
        }
        do throws(ConfiguredKeys.Fault) {
            return sealer(try ConfiguredKeys.keys(source, environment: environment))
        } catch {
            throw .badSessionKey(reason: error.reason)
        }
    }

    private static func sealer(_ keys: [SealingKey]) -> KeyedSealer {
        KeyedSealer(key: keys[0], olderKeys: Array(keys.dropFirst()))
    }
}
