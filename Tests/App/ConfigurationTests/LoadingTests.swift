import Testing

@testable import Configuration

@Suite("Loading a configuration")
struct LoadingTests {
    @Test("an empty file gives the defaults")
    func empty() throws {
        let loaded = try load("")
        let configuration = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(configuration.core.listen.description == "127.0.0.1:7420")
        #expect(configuration.core.admin.description == "127.0.0.1:7421")
        #expect(configuration.core.maxConnections == 16_384)
        #expect(configuration.core.requestTimeout == .seconds(60))
        #expect(configuration.core.drainTimeout == .seconds(10))
        #expect(configuration.memory.maxMessageBytes == 4 << 20)
        #expect(configuration.persistence.directory.value == "/home/ada/.local/share/attune")
        #expect(configuration.runtimeDirectory == "/home/ada/.local/share/attune/run")
        #expect(configuration.servers.isEmpty)
        #expect(configuration == .defaults(environment: ["HOME": "/home/ada"]))
    }

    @Test("a file of the classic keys loads unchanged, with a warning for each key that nothing uses yet")
    func classic() throws {
        let loaded = try load(
            """
            [core]
            max_connections = 1000
            message_buffer_size = 8192
            state_cache_size = 10000

            [learning]
            model_update_interval = 300
            batch_size = 32
            learning_rate = 0.001

            [memory]
            shared_memory_size = 1073741824
            ring_buffer_size = 1048576
            max_message_size = 65536

            [persistence]
            rocksdb_path = "/var/lib/attune"
            checkpoint_interval = 3600
            compression = "lz4"
            """)
        let configuration = loaded.configuration
        #expect(configuration.core.maxConnections == 1000)
        #expect(configuration.core.messageBufferBytes == 8192)
        #expect(configuration.core.stateCacheBytes == 10_000)
        #expect(configuration.learning.modelUpdateInterval == .seconds(300))
        #expect(configuration.learning.batchRecords == 32)
        #expect(configuration.learning.learningRate == 0.001)
        #expect(configuration.memory.sharedMemoryBytes == 1 << 30)
        #expect(configuration.memory.ringBufferBytes == 1 << 20)
        #expect(configuration.memory.maxMessageBytes == 65_536)
        #expect(configuration.persistence.directory.value == "/var/lib/attune")
        #expect(configuration.persistence.checkpointInterval == .seconds(3600))
        #expect(configuration.persistence.compression == .lz4)
        #expect(configuration.runtimeDirectory == "/var/lib/attune/run")
        #expect(loaded.warnings.map { "\($0.line ?? 0):\($0.column ?? 0)" } == ["8:1", "9:1"])
        #expect(loaded.warnings.allSatisfy { $0.message.contains("is not used yet") })
    }

    @Test("servers stay in the order of the file, whatever form they are written in")
    func order() throws {
        let loaded = try load(
            """
            [servers]
            zulu.command = "z"
            bravo = { command = "b", args = ["-v"], env = { A = "1" } }
            [servers.mike]
            url = "http://127.0.0.1:9000/mcp"
            headers = { Authorization = "Bearer x", "X-Team" = "tools" }
            [servers."alpha"]
            command = "a"
            cwd = "/srv"
            prewarm = true
            sharing = "shared"
            timeout_ms = 2500
            max_concurrency = 3
            queue = 7
            allow = ["read_*"]
            deny = ["read_secret"]
            rename = { read_file = "read" }
            """)
        let servers = loaded.configuration.servers
        #expect(servers.map(\.name) == ["zulu", "bravo", "mike", "alpha"])
        #expect(servers[2].url?.headers.map(\.name) == ["Authorization", "X-Team"])
        #expect(servers[1].command?.arguments.map(\.value) == ["-v"])
        #expect(servers[1].command?.environment["A"]?.value == "1")
        let alpha = servers[3]
        #expect(alpha.command?.workingDirectory?.value == "/srv")
        #expect(alpha.prewarm)
        #expect(alpha.sharing == .shared)
        #expect(alpha.timeout == .milliseconds(2500))
        #expect(alpha.maxConcurrency == 3)
        #expect(alpha.queueCapacity == 7)
        #expect(alpha.allow == ["read_*"])
        #expect(alpha.deny == ["read_secret"])
        #expect(alpha.rename == ["read_file": "read"])
        #expect(loaded.warnings.isEmpty)
    }

    @Test("an address that other machines reach is a warning")
    func openAddress() throws {
        let loaded = try load("[core]\nlisten = \"0.0.0.0:7420\"\nadmin = \"127.0.0.1:7421\"")
        #expect(loaded.warnings.map(\.line) == [2])
        #expect(loaded.warnings.first?.message.contains("reachable from other machines") == true)
    }

    @Test("sizes are integers or strings with a unit")
    func sizes() throws {
        let loaded = try load(
            """
            [core]
            message_buffer_size = "64 KiB"
            state_cache_size = "8MiB"
            [memory]
            shared_memory_size = "1GB"
            ring_buffer_size = "4mib"
            """)
        #expect(loaded.configuration.core.messageBufferBytes == 65_536)
        #expect(loaded.configuration.core.stateCacheBytes == 8 << 20)
        #expect(loaded.configuration.memory.sharedMemoryBytes == 1_000_000_000)
        #expect(loaded.configuration.memory.ringBufferBytes == 4 << 20)
    }

    @Test(
        "whatever part of the memory is given, the defaults of the rest fit beside it",
        arguments: [
            "[memory]\nprofile = \"edge\"", "[memory]\nprofile = \"large\"",
            "[memory]\nshared_memory_size = \"1MiB\"",
            "[memory]\nshared_memory_size = \"128MiB\"\nring_buffer_size = \"100MiB\"",
            "[core]\nstate_cache_size = \"16KiB\"",
        ])
    func memory(_ text: String) throws {
        let configuration = try load(text).configuration
        let parts = configuration.memory.ringBufferBytes + configuration.core.stateCacheBytes
        #expect(parts <= configuration.memory.sharedMemoryBytes)
    }

    @Test("every section and key of the contract is read")
    func everything() throws {
        let loaded = try load(Self.everything)
        let configuration = loaded.configuration
        #expect(configuration.servers[1].trust == .annotations)
        guard case .replicas(let replicas) = configuration.servers[1].upstream else {
            Issue.record("no replicas")
            return
        }
        #expect(replicas.count == 3)
        #expect(configuration.profiles.first?.servers == ["one", "t*"])
        #expect(configuration.profiles.first?.tools == ["one__*"])
        #expect(configuration.learning.mode == .external)
        #expect(configuration.learning.capture == .full)
        #expect(configuration.persistence.key == .environment("ATTUNE_KEY"))
        #expect(configuration.policies.first?.limits["ceiling_ms"] == .integer(5000))
        #expect(configuration.experiments.first?.arms == ["fixed", "learned"])
        #expect(configuration.experiments.first?.minimumSample == 500)
        #expect(configuration.security.keys.first?.principal == "ada")
        #expect(configuration.security.allowedHosts == ["gateway.local:7420"])
        #expect(configuration.security.rules.count == 1)
        #expect(configuration.security.rules.first?.principals == ["ada", "team-*"])
        #expect(configuration.security.rules.first?.tools.deny == ["one__drop_*"])
        #expect(configuration.security.rules.first?.rate == 2.5)
        #expect(configuration.observability.logLevel == .debug)
        #expect(configuration.observability.logFile?.value == "/tmp/attune.log")
        #expect(configuration.core.toolFailures == .error)
    }

    @Test("a key warns exactly when nothing uses it yet, and each key is in one of the two tables")
    func effects() throws {
        #expect(KeyEffect.usedKeys.isDisjoint(with: KeyEffect.pendingKeys))
        let warned = try load(Self.everything).warnings.compactMap { $0.message.split(separator: "`").first }
        let patterns = Set(
            warned.map { path -> String in
                var parts = path.split(separator: ".").map(String.init)
                if ["servers", "profiles", "policy", "experiments"].contains(parts[0]) { parts[1] = "*" }
                return parts.joined(separator: ".")
            })
        #expect(patterns == KeyEffect.pendingKeys.union(["policy.*.ceiling_ms"]))
    }

    static let everything = """
        [core]
        listen = "[::1]:7000"
        admin = "localhost:7001"
        threads = 4
        max_connections = 10
        message_buffer_size = 4096
        state_cache_size = 4096
        request_timeout_ms = 1
        drain_timeout_ms = 0
        tool_failures = "error"
        [servers.one]
        command = "uvx"
        [servers.two]
        replicas = ["http://a:1/mcp", ["uvx", "server"], "server"]
        trust = "annotations"
        [profiles.all]
        servers = ["one", "t*"]
        tools = ["one__*"]
        [learning]
        mode = "external"
        socket = "/tmp/socket"
        capture = "full"
        model_update_interval = 1.5
        batch_size = 1
        learning_rate = 1
        [memory]
        profile = "edge"
        shared_memory_size = "1MiB"
        ring_buffer_size = "64KiB"
        max_message_size = "1MiB"
        [persistence]
        rocksdb_path = "/data"
        checkpoint_interval = 60
        compression = "zstd"
        retention_days = 7
        retention_bytes = "10GiB"
        model_retention_days = 90
        encrypt = true
        key = "env:ATTUNE_KEY"
        [policy.deadline]
        mode = "act"
        ceiling_ms = 5000
        [experiments.deadlines]
        knob = "deadline"
        arms = ["fixed", "learned"]
        assignment = "principal"
        primary = "latency"
        guardrails = ["errors"]
        minimum_sample = 500
        [security]
        audit = "durable"
        on_failure = "serve"
        allowed_origins = ["https://example.com"]
        allowed_hosts = ["gateway.local:7420"]
        [[security.keys]]
        principal = "ada"
        hash = "sha256:00000000000000000000000000000000000000000000000000000000000000AA"
        [[security.rules]]
        principals = ["ada", "team-*"]
        servers = ["one"]
        deny_tools = ["one__drop_*"]
        max_concurrency = 4
        rate = 2.5
        burst = 10
        [observability]
        log_level = "debug"
        log_format = "text"
        log_file = "/tmp/attune.log"
        otlp_endpoint = "http://127.0.0.1:4318"
        fluentd = "127.0.0.1:24224"
        """
}
