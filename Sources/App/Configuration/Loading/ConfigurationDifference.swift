/// What changes when the gateway goes from one configuration to another.
///
/// Settings are named as in the file, `core.listen`; those of profiles, policies and experiments by their
/// section.
package struct ConfigurationDifference: Sendable, Equatable {
    /// In the order of the new file.
    package private(set) var addedServers: [String] = []
    /// In the order of the old file.
    package private(set) var removedServers: [String] = []
    /// In the order of the new file.
    package private(set) var changedServers: [String] = []
    /// Settings that take effect at once.
    package private(set) var liveSettings: [String] = []
    /// Settings that take effect at the next start only.
    package private(set) var restartSettings: [String] = []

    package var isEmpty: Bool {
        addedServers.isEmpty && removedServers.isEmpty && changedServers.isEmpty && liveSettings.isEmpty
            && restartSettings.isEmpty
    }

    package init(from old: GatewayConfiguration, to new: GatewayConfiguration) {
        let before = Dictionary(old.servers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.servers.map(\.name))
        addedServers = new.servers.map(\.name).filter { before[$0] == nil }
        removedServers = old.servers.map(\.name).filter { !after.contains($0) }
        changedServers = new.servers.filter { before[$0.name] != nil && before[$0.name] != $0 }.map(\.name)
        for setting in Self.settings where setting.differs(old, new) {
            if setting.isLive {
                liveSettings.append(setting.name)
            } else {
                restartSettings.append(setting.name)
            }
        }
    }

    private struct Setting {
        var name: String
        var isLive: Bool
        var differs: (GatewayConfiguration, GatewayConfiguration) -> Bool
    }

    private static func live(
        _ name: String, _ part: @escaping (GatewayConfiguration) -> some Equatable
    ) -> Setting {
        Setting(name: name, isLive: true) { part($0) != part($1) }
    }

    private static func restart(
        _ name: String, _ part: @escaping (GatewayConfiguration) -> some Equatable
    ) -> Setting {
        Setting(name: name, isLive: false) { part($0) != part($1) }
    }

    private static var settings: [Setting] {
        [
            restart("core.listen") { $0.core.listen },
            restart("core.admin") { $0.core.admin },
            restart("core.threads") { $0.core.threads },
            restart("core.max_connections") { $0.core.maxConnections },
            restart("core.message_buffer_size") { $0.core.messageBufferBytes },
            restart("core.state_cache_size") { $0.core.stateCacheBytes },
            live("core.request_timeout_ms") { $0.core.requestTimeout },
            live("core.drain_timeout_ms") { $0.core.drainTimeout },
            live("core.tool_failures") { $0.core.toolFailures },
            live("profiles") { $0.profiles },
            restart("learning") { $0.learning },
            restart("memory.profile") { $0.memory.profile },
            restart("memory.shared_memory_size") { $0.memory.sharedMemoryBytes },
            restart("memory.ring_buffer_size") { $0.memory.ringBufferBytes },
            restart("memory.max_message_size") { $0.memory.maxMessageBytes },
            restart("persistence") { $0.persistence },
            live("policy") { $0.policies },
            live("experiments") { $0.experiments },
            restart("security.audit") { $0.security.audit },
            live("security.on_failure") { $0.security.effectiveOnFailure },
            restart("security.audit_witness") { $0.security.auditWitness },
            live("security.allowed_origins") { $0.security.allowedOrigins },
            live("security.allowed_hosts") { $0.security.allowedHosts },
            restart("security.session_key") { $0.security.sessionKey },
            live("security.keys") { $0.security.keys },
            live("security.local_principal") { $0.security.localPrincipal },
            live("security.rules") { $0.security.rules },
            live("observability.log_level") { $0.observability.logLevel },
            restart("observability.log_format") { $0.observability.logFormat },
            restart("observability.log_file") { $0.observability.logFile },
            restart("observability.otlp_endpoint") { $0.observability.otlpEndpoint },
            restart("observability.fluentd") { $0.observability.fluentd },
        ]
    }
}
