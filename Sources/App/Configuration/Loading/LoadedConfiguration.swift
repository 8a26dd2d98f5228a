/// A configuration that can be used, with where it came from and what its file says without effect.
package struct LoadedConfiguration: Sendable, Equatable {
    package var configuration: GatewayConfiguration
    /// In the order of the file.
    package var warnings: [Diagnostic]
    /// nil when no file was found and everything is default.
    package var path: String?
    /// The values that came from the environment and must not be printed; none is empty.
    package var secrets: Set<String>
    /// The bytes of the file that was read; none where everything is default.
    package var contents: [UInt8]

    package init(
        configuration: GatewayConfiguration, warnings: [Diagnostic], path: String?, secrets: Set<String> = [],
        contents: [UInt8] = []
    ) {
        self.configuration = configuration
        self.warnings = warnings
        self.path = path
        self.secrets = secrets
        self.contents = contents
    }
}
