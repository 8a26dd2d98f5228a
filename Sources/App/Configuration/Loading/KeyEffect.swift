/// Whether a key does something in this build.
///
/// Who builds the part that a key belongs to moves it from `pendingKeys` to `usedKeys`. `*` stands for a name
/// the operator chose.
enum KeyEffect {
    case used
    /// Read and checked, and a warning says that nothing acts on it yet.
    case pending
    case unknown

    static func of(_ pattern: String) -> KeyEffect {
        if usedKeys.contains(pattern) { return .used }
        if pendingKeys.contains(pattern) || freeSections.contains(where: pattern.hasPrefix) {
            return .pending
        }
        return .unknown
    }

    /// Sections whose keys belong to the knob or rule they stand under.
    private static let freeSections = ["policy.*."]

    static let usedKeys: Set<String> = [
        "core.listen", "core.admin", "core.threads", "core.max_connections", "core.message_buffer_size",
        "core.request_timeout_ms", "core.drain_timeout_ms", "core.tool_failures",
        "servers.*.command", "servers.*.args", "servers.*.env", "servers.*.cwd", "servers.*.url",
        "servers.*.headers", "servers.*.timeout_ms", "servers.*.max_concurrency", "servers.*.queue",
        "servers.*.sharing", "servers.*.prewarm", "servers.*.allow", "servers.*.deny", "servers.*.rename",
        "servers.*.principals",
        "profiles.*.servers", "profiles.*.tools",
        "core.state_cache_size",
        "memory.profile", "memory.shared_memory_size", "memory.ring_buffer_size", "memory.max_message_size",
        "learning.mode", "learning.socket",
        "learning.capture", "learning.journal", "learning.model_update_interval",
        "persistence.rocksdb_path", "persistence.compression", "persistence.checkpoint_interval",
        "persistence.retention_days", "persistence.retention_bytes", "persistence.model_retention_days",
        "persistence.encrypt", "persistence.key",
        "security.allowed_origins", "security.allowed_hosts", "security.session_key",
        "security.keys", "security.rules", "security.local_principal",
        "security.audit", "security.on_failure", "security.audit_witness",
        "observability.log_level", "observability.log_format", "observability.log_file",
    ]

    static let pendingKeys: Set<String> = [
        "servers.*.replicas", "servers.*.trust",
        "learning.batch_size", "learning.learning_rate",
        "policy.*.mode",
        "experiments.*.knob", "experiments.*.arms", "experiments.*.assignment", "experiments.*.primary",
        "experiments.*.guardrails", "experiments.*.minimum_sample",
        "observability.otlp_endpoint", "observability.fluentd",
    ]
}
