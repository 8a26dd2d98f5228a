/// The environment that a server's process gets.
enum ServerEnvironment {
    /// Where names are looked up when no `PATH` is set.
    static let fallbackSearchPath = "/usr/local/bin:/usr/bin:/bin"

    /// Variables by which a service manager talks to the gateway alone; a server that answered them would
    /// report itself ready, or alive, in the gateway's name (sd_notify(3), sd_listen_fds(3)).
    private static let serviceManager: Set<String> = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
        "LISTEN_PIDFDID", "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID",
    ]

    /// Merges the environments; `command` wins over `inherited`, `added` over both.
    ///
    /// What the gateway was told through its own `ATTUNE_` variables (keys among it) and through its service
    /// manager is not passed on, unless the command names it.
    static func merged(
        inherited: [String: String], command: [String: String], added: [String: String]
    ) -> [String: String] {
        inherited
            .filter { isName($0.key) && !$0.key.hasPrefix("ATTUNE_") && !serviceManager.contains($0.key) }
            .merging(command) { $1 }
            .merging(added) { $1 }
    }

    /// Whether swift-subprocess passes a variable of that name on; POSIX.1-2024, section 8.1, with any other
    /// character allowed.
    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        return !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            && !name.utf8.contains { $0 == UInt8(ascii: "=") || $0 == 0 }
    }
}
