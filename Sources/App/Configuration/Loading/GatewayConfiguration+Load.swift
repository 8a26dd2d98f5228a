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
    /// - Parameter references: `read` for a gateway that starts or reloads: blocks while secrets are read.
    /// - Throws: `ConfigurationFailure` with everything that is wrong, not only the first.
    package static func load(
        path: String, environment: [String: String], references: SecretReferences = .kept
    ) throws(ConfigurationFailure) -> LoadedConfiguration {
        let bytes: [UInt8]
        do throws(FileBytes.Fault) {
            bytes = try FileBytes.read(path, limit: TOMLDocument.maximumBytes)
        } catch {
            throw ConfigurationFailure([unreadable(path, error)])
        }
        return try load(text: bytes, file: path, environment: environment, references: references)
    }

    private static func unreadable(_ path: String, _ fault: FileBytes.Fault) -> Diagnostic {
        switch fault {
        case .system(let number):
            Diagnostic(
                severity: .error, file: path,
                message: "the configuration cannot be read: \(SystemError.text(number))",
                suggestion: number == POSIXErrorCode.ENOENT.rawValue
                    ? "name the file with --config FILE or in $ATTUNE_CONFIG" : nil)
        case .tooLarge(let bytes):
            Diagnostic(
                severity: .error, file: path,
                message: "the file has \(bytes) bytes; a configuration has at most 4 MiB")
        }
    }

    /// Reads and checks the text of a file; `file` is its name in diagnostics.
    package static func load(
        text: [UInt8], file: String, environment: [String: String], references: SecretReferences = .kept
    ) throws(ConfigurationFailure) -> LoadedConfiguration {
        let source = SourceText(file: file, bytes: text)
        let document = try TOMLDocument(source)
        let collector = DiagnosticCollector(
            source: source, environment: environment, references: references)
        var reader = ConfigurationReader(collector: collector)
        try reader.read(document)
        return LoadedConfiguration(
            configuration: reader.configuration, warnings: collector.warnings, path: file,
            secrets: collector.secrets, contents: text)
    }
}
