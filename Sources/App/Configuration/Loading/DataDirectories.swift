/// The directories of the XDG Base Directory Specification, as far as the environment names them.
///
/// A relative path in a variable is ignored, as the specification asks.
package struct DataDirectories: Sendable {
    /// `$XDG_CONFIG_HOME`, else `~/.config`; nil without a home.
    package let configuration: String?
    /// `$XDG_DATA_HOME`, else `~/.local/share`; nil without a home.
    package let data: String?
    /// `$XDG_RUNTIME_DIR`.
    package let runtime: String?

    package init(environment: [String: String]) {
        func absolute(_ name: String) -> String? {
            guard let path = environment[name], path.hasPrefix("/") else { return nil }
            return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        let home = absolute("HOME")
        configuration = absolute("XDG_CONFIG_HOME") ?? home.map { $0 + "/.config" }
        data = absolute("XDG_DATA_HOME") ?? home.map { $0 + "/.local/share" }
        runtime = absolute("XDG_RUNTIME_DIR")
    }

    /// The default of `[persistence] rocksdb_path`.
    package var store: String { data.map { $0 + "/attune" } ?? "/var/lib/attune" }

    /// Where the sockets are: `$XDG_RUNTIME_DIR/attune`, else `run` in the store.
    package func sockets(store: String) -> String {
        runtime.map { $0 + "/attune" } ?? store + "/run"
    }
}
