import ArgumentParser
import Configuration
import Foundation

/// `--config FILE`, which every command takes.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration file.",
            discussion: "Else $ATTUNE_CONFIG, ./attune.toml or $XDG_CONFIG_HOME/attune/attune.toml.",
            valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var file: String?

    /// The file that is meant; nil if none is named and none lies where one is looked for.
    var path: String? {
        ConfigurationPath.discover(
            explicit: file, environment: ProcessInfo.processInfo.environment,
            workingDirectory: FileManager.default.currentDirectoryPath)
    }

    /// The configuration, or the defaults if there is no file.
    /// - Parameter references: `read` for who starts servers, which need their secrets.
    func load(_ references: SecretReferences = .kept) throws(CommandFailure) -> LoadedConfiguration {
        let environment = ProcessInfo.processInfo.environment
        guard let path else {
            return LoadedConfiguration(
                configuration: .defaults(environment: environment), warnings: [], path: nil)
        }
        do throws(ConfigurationFailure) {
            return try GatewayConfiguration.load(
                path: path, environment: environment, references: references)
        } catch {
            throw .configuration(error.diagnostics)
        }
    }
}
