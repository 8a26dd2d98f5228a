/// What changes when the gateway goes from one configuration to another.
package struct ConfigurationDifference: Sendable, Equatable {
    /// In the order of the new file.
    package var addedServers: [String] = []
    /// In the order of the old file.
    package var removedServers: [String] = []
    /// In the order of the new file.
    package var changedServers: [String] = []
    /// Settings such as `core.request_timeout_ms` that take effect at once.
    package var liveSettings: [String] = []
    /// Settings such as `core.listen` that take effect at the next start only.
    package var restartSettings: [String] = []

    package var isEmpty: Bool {
        addedServers.isEmpty && removedServers.isEmpty && changedServers.isEmpty && liveSettings.isEmpty
            && restartSettings.isEmpty
    }

    /// Compares two configurations.
    package init(from old: GatewayConfiguration, to new: GatewayConfiguration) {
        let before = Dictionary(old.servers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.servers.map(\.name))
        addedServers = new.servers.map(\.name).filter { before[$0] == nil }
        removedServers = old.servers.map(\.name).filter { !after.contains($0) }
        changedServers = new.servers.filter { before[$0.name] != nil && before[$0.name] != $0 }.map(\.name)
    }
}
