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
        return sealer(try keys(source, environment: environment))
    }

    private static func sealer(_ keys: [SealingKey]) -> KeyedSealer {
        KeyedSealer(key: keys[0], olderKeys: Array(keys.dropFirst()))
    }

    private static func keys(
        _ source: SecretSource, environment: [String: String]
    ) throws(StartFailure) -> [SealingKey] {
        switch source {
        case .file(let path):
            do throws(KeyFile.Fault) {
                return try KeyFile.keys(at: path.value)
            } catch {
                throw .badSessionKey(reason: "\(path): \(error)")
            }
        case .environment(let name):
            guard let text = environment[name] else {
                throw .badSessionKey(reason: "the environment variable \(name) is not set")
            }
            return try keys(text, of: "the environment variable \(name)")
        case .command(let line):
            let output: [UInt8]
            do throws(SecretCommand.Fault) {
                output = try SecretCommand.output(of: line.value, environment: environment)
            } catch {
                throw .badSessionKey(reason: "the command \(line): \(error)")
            }
            return try keys(String(decoding: output, as: UTF8.self), of: "the command's output")
        }
    }

    private static func keys(_ text: String, of what: String) throws(StartFailure) -> [SealingKey] {
        do throws(KeyText.Fault) {
            return try KeyText.keys(text)
        } catch {
            throw .badSessionKey(reason: "\(what): \(error)")
        }
    }
}
