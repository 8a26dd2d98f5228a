import Foundation

extension GatewayConfiguration {
    /// Everything at its default: what is used when there is no file.
    package static func defaults(environment: [String: String]) -> GatewayConfiguration {
        let directories = DataDirectories(environment: environment)
        let shared = MemoryConfiguration.Profile.standard.sharedMemoryBytes
        return GatewayConfiguration(
            core: CoreConfiguration(
                threads: ProcessInfo.processInfo.activeProcessorCount, stateCacheBytes: shared / 2),
            memory: MemoryConfiguration(
                profile: .standard, sharedMemoryBytes: shared, ringBufferBytes: shared / 4),
            persistence: PersistenceConfiguration(directory: ExpandedText(directories.store)),
            runtimeDirectory: directories.sockets(store: directories.store))
    }

    /// Reads and checks a file.
    ///
    /// - Throws: `ConfigurationFailure` with everything that is wrong, not only the first.
    package static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationFailure) -> LoadedConfiguration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationFailure([
                Diagnostic(severity: .error, file: path, message: "the file cannot be read")
            ])
        }
        return try load(text: Array(data), file: path, environment: environment)
    }

    /// Reads and checks the text of a file; `file` is its name in diagnostics.
    package static func load(
        text: [UInt8], file: String, environment: [String: String]
    ) throws(ConfigurationFailure) -> LoadedConfiguration {
        LoadedConfiguration(
            configuration: defaults(environment: environment), warnings: [], path: file)
    }
}
