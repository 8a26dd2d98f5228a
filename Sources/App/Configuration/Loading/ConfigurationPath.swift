import Foundation

/// Finds the configuration file.
package enum ConfigurationPath {
    /// The file to read: `--config`, else `$ATTUNE_CONFIG`, `./attune.toml`,
    /// `$XDG_CONFIG_HOME/attune/attune.toml` (`~/.config` when that is not set).
    ///
    /// The first two are taken as they are, so that a wrong name is an error and not something else's
    /// configuration; the others only when they exist. Nil: none was found.
    package static func discover(
        explicit: String?, environment: [String: String], workingDirectory: String
    ) -> String? {
        if let explicit, !explicit.isEmpty { return explicit }
        if let named = environment["ATTUNE_CONFIG"], !named.isEmpty { return named }
        return conventional(environment: environment, workingDirectory: workingDirectory).first {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    /// The places that are looked at when nothing names the file.
    package static func conventional(environment: [String: String], workingDirectory: String) -> [String] {
        var places = [workingDirectory + "/attune.toml"]
        if let home = DataDirectories(environment: environment).configuration {
            places.append(home + "/attune/attune.toml")
        }
        return places
    }
}
