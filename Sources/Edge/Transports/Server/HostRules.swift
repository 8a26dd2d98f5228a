/// Which `Host` and `Origin` values a listener takes, against DNS rebinding.
package struct HostRules: Sendable {
    private var hosts: [String]
    private var origins: [String]

    /// - Parameters:
    ///   - port: the port that clients name; `127.0.0.1` and `localhost` with it are always allowed.
    ///   - extraHosts: further hosts, `name` or `name:port`; one without a port is allowed with `port` too.
    ///   - extraOrigins: further origins, `scheme://host[:port]`.
    package init(port: Int, extraHosts: [String] = [], extraOrigins: [String] = []) {
        hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
        for host in extraHosts.map({ $0.lowercased() }) {
            hosts.append(host)
            if !host.hasSuffix("]"), !host.contains(":") { hosts.append("\(host):\(port)") }
        }
        origins = hosts.map { "http://\($0)" } + extraOrigins.map { $0.lowercased() }
    }

    /// - Complexity: O(allowed hosts) comparisons; one for the first.
    func allows(host: String) -> Bool {
        hosts.contains(host) || hosts.contains(host.lowercased())
    }

    func allows(origin: String) -> Bool {
        origins.contains(origin) || origins.contains(origin.lowercased())
    }
}
