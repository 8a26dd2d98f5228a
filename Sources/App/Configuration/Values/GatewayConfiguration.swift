/// Everything the configuration file says, checked, with defaults where it says nothing.
package struct GatewayConfiguration: Sendable, Equatable {
    package var core: CoreConfiguration
    /// In the order of the file.
    package var servers: [ServerConfiguration] = []
    /// In the order of the file.
    package var profiles: [ProfileConfiguration] = []
    package var learning = LearningConfiguration()
    package var memory: MemoryConfiguration
    package var persistence: PersistenceConfiguration
    package var policies: [PolicyConfiguration] = []
    package var experiments: [ExperimentConfiguration] = []
    package var security = SecurityConfiguration()
    package var observability = ObservabilityConfiguration()
    /// The directory of the sockets: `$XDG_RUNTIME_DIR/attune`, else `<rocksdb_path>/run`.
    package var runtimeDirectory: String

    package init(
        core: CoreConfiguration, memory: MemoryConfiguration, persistence: PersistenceConfiguration,
        runtimeDirectory: String
    ) {
        self.core = core
        self.memory = memory
        self.persistence = persistence
        self.runtimeDirectory = runtimeDirectory
    }

    /// Where the segments of a region lie whose learner is another container's: beside `[learning] socket`,
    /// else in the runtime directory.
    package var regionDirectory: String {
        guard let socket = learning.socket?.value, let slash = socket.lastIndex(of: "/") else {
            return runtimeDirectory + "/region"
        }
        return socket[..<slash] + "/region"
    }

    /// The server of this name; a search in the order of the file.
    package func server(named name: String) -> ServerConfiguration? {
        servers.first { $0.name == name }
    }
}
