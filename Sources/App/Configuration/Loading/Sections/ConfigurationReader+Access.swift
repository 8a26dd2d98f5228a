extension ConfigurationReader {
    static let hashPrefix = "sha256:"
    private static let maxPrincipalBytes = 64
    private static let maxRate = 1_000_000.0

    /// Whether a text can name a principal; an error when not.
    func isPrincipal(_ name: String, _ place: Range<Int>?, _ path: String) -> Bool {
        let fits =
            (1...Self.maxPrincipalBytes).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "._@+-".utf8.contains(byte)
            }
        if fits, name != "anonymous" { return true }
        collector.error(
            place ?? 0..<0,
            fits
                ? "`\(path)` must not be \"anonymous\", who is everybody without a key"
                : "`\(path)` must be 1 to 64 of A-Z, a-z, 0-9 and ._@+-, found \"\(name)\"")
        return false
    }

    /// One `[[security.rules]]`.
    func rule(_ node: TOMLNode) -> AccessRuleConfiguration? {
        var section = SectionReader(
            node, place: node.location.key, name: "security.rules", pattern: "", collector: collector)
        var principals = section.texts("principals")?.map(\.value) ?? []
        if let one = section.text("principal") { principals.append(one.value) }
        var rule = AccessRuleConfiguration(principals: principals)
        rule.servers = names("servers", &section)
        rule.tools = names("tools", &section)
        rule.profiles = names("profiles", &section)
        rule.maxConcurrency = section.integer("max_concurrency", in: 1...1_000_000)
        rule.rate = section.number("rate", in: 0.001...Self.maxRate)
        rule.burst = section.integer("burst", in: 1...1_000_000)
        section.finish()
        if principals.isEmpty, !section.has("principals"), !section.has("principal") {
            collector.error(
                node.location.key, "[[security.rules]] has no `principals`",
                suggestion: "principals = [\"*\"] names everybody")
            return nil
        }
        if rule.burst != nil, rule.rate == nil, let place = section.placeOf("burst") {
            collector.error(place, "`security.rules.burst` has no meaning without `rate`")
        }
        return rule
    }

    private func names(_ key: String, _ section: inout SectionReader) -> AccessRuleConfiguration.Names {
        var names = AccessRuleConfiguration.Names()
        names.allow = section.texts(key)?.map(\.value) ?? []
        names.deny = section.texts("deny_\(key)")?.map(\.value) ?? []
        return names
    }

    /// A rule for nobody is most likely a slip of the pen, which leaves somebody without a rule.
    func warnOfUnknownPrincipals(_ entries: [TOMLEntry]) {
        let security = configuration.security
        let known = security.keys.map(\.principal) + [security.localPrincipal, "anonymous"]
        let place = entries.first { $0.key == "security" }?.node.table?.first { $0.key == "rules" }
        for rule in security.rules {
            for name in rule.principals where !name.contains(where: { "*?".contains($0) }) {
                guard !known.contains(name), let place else { continue }
                let closest = Spelling.closest(to: name, among: known)
                collector.warning(
                    place.node.location.key, "a rule names the principal \"\(name)\", who has no key",
                    suggestion: closest.map { "did you mean \"\($0)\"?" })
            }
        }
    }

    /// Whoever reaches an address without keys may call every tool.
    func warnOfOpenAddresses(_ entries: [TOMLEntry]) {
        let core = configuration.core
        let written = entries.first { $0.key == "core" }?.node.table ?? []
        for (key, address) in [("listen", core.listen), ("admin", core.admin)] where !address.isLoopback {
            guard let node = written.first(where: { $0.key == key })?.node,
                key == "admin" || configuration.security.keys.isEmpty
            else { continue }
            collector.warning(
                node.location.value,
                "`core.\(key)` is reachable from other machines and asks nobody for a key",
                suggestion: key == "admin"
                    ? "keep it on 127.0.0.1, or let a firewall say who may connect"
                    : "add [[security.keys]] (`attune keys new NAME`), or keep it on 127.0.0.1")
        }
    }
}
