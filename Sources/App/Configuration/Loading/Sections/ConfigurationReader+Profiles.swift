extension ConfigurationReader {
    /// After the servers, whose names a profile may hold.
    mutating func readProfiles(_ entry: TOMLEntry) {
        for table in named(entry) where checkName(table, of: "profile") {
            var section = SectionReader(
                table, name: "profiles.\(table.key)", pattern: "profiles.*", collector: collector)
            var profile = ProfileConfiguration(name: table.key)
            if let node = section.take("servers"), let names = section.texts(node, "servers") {
                profile.servers = names.map(\.value)
                refuseUnknown(node, declared: declaredServers)
            }
            if let globs = section.texts("tools") { profile.tools = globs.map(\.value) }
            section.finish()
            configuration.profiles.append(profile)
        }
    }

    private var declaredServers: [String] { configuration.servers.map(\.name) }

    /// A name without wildcards must be one of a server.
    private func refuseUnknown(_ node: TOMLNode, declared: [String]) {
        // With errors in the servers, a name may be missing for a reason that was told already.
        guard !collector.hasErrors, case .array(let elements) = node.content else { return }
        for element in elements {
            guard case .string(let name) = element.content, !name.contains("${"),
                !name.contains(where: { "*?[".contains($0) }), !declared.contains(name)
            else { continue }
            let closest = Spelling.closest(to: name, among: declared)
            collector.error(
                element.location.value, "there is no server \"\(name)\"",
                suggestion: closest.map { "did you mean \"\($0)\"?" })
        }
    }
}
