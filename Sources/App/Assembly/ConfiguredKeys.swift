import Configuration
import Identity

/// Reads the keys that the configuration says where to find.
enum ConfiguredKeys {
    /// Why there are none, as a sentence.
    struct Fault: Error, Equatable {
        var reason: String
    }

    /// - Returns: one key at least. A file is made with a random key where there is none.
    static func keys(
        _ source: SecretSource, environment: [String: String]
    ) throws(Fault) -> [SealingKey] {
        switch source {
        case .file(let path):
            do throws(KeyFile.Fault) {
                return try KeyFile.keys(at: path.value)
            } catch {
                throw Fault(reason: "\(path): \(error)")
            }
        case .environment(let name):
            guard let text = environment[name] else {
                throw Fault(reason: "the environment variable \(name) is not set")
            }
            return try keys(text, of: "the environment variable \(name)")
        case .command(let line):
            let output: [UInt8]
            do throws(SecretCommand.Fault) {
                output = try SecretCommand.output(of: line.value, environment: environment)
            } catch {
                throw Fault(reason: "the command \(line): \(error)")
            }
            return try keys(String(decoding: output, as: UTF8.self), of: "the command's output")
        }
    }

    private static func keys(_ text: String, of what: String) throws(Fault) -> [SealingKey] {
        do throws(KeyText.Fault) {
            return try KeyText.keys(text)
        } catch {
            throw Fault(reason: "\(what): \(error)")
        }
    }
}
