extension ConfigurationReader {
    mutating func readPolicies(_ entry: TOMLEntry) {
        for table in named(entry) {
            var section = SectionReader(
                table, name: "policy.\(table.key)", pattern: "policy.*", collector: collector)
            var policy = PolicyConfiguration(knob: table.key)
            if let mode: PolicyConfiguration.Mode = section.choice("mode") { policy.mode = mode }
            for limit in section.takeRest() {
                policy.limits[limit.key] = value(limit.node, section.path(limit.key), section)
            }
            configuration.policies.append(policy)
        }
    }

    mutating func readExperiments(_ entry: TOMLEntry) {
        for table in named(entry) {
            var section = SectionReader(
                table, name: "experiments.\(table.key)", pattern: "experiments.*", collector: collector)
            let knob = required("knob", &section)
            let primary = required("primary", &section)
            let arms = arms(&section)
            let assignment: ExperimentConfiguration.Assignment? = section.choice("assignment")
            let guardrails = section.texts("guardrails")?.map(\.value)
            let minimum = section.integer("minimum_sample", in: 1...1_000_000_000)
            section.finish()
            guard let knob, let primary, let arms else { continue }
            configuration.experiments.append(
                ExperimentConfiguration(
                    name: table.key, knob: knob, arms: arms, assignment: assignment ?? .session,
                    primary: primary, guardrails: guardrails ?? [], minimumSample: minimum ?? 1000))
        }
    }

    private func arms(_ section: inout SectionReader) -> [String]? {
        guard let node = section.take("arms") else {
            collector.error(section.place, "[\(section.name)] has no `arms`")
            return nil
        }
        guard let arms = section.texts(node, "arms")?.map(\.value) else { return nil }
        guard arms.count >= 2, Set(arms).count == arms.count else {
            collector.error(
                node.location.value, "`\(section.path("arms"))` must be two or more different names")
            return nil
        }
        return arms
    }

    private func required(_ key: String, _ section: inout SectionReader) -> String? {
        guard section.has(key) else {
            _ = section.take(key)
            collector.error(section.place, "[\(section.name)] has no `\(key)`")
            return nil
        }
        return section.text(key)?.value
    }

    /// A value whose meaning belongs to another part; nil, and an error, where a variable is missing.
    func value(_ node: TOMLNode, _ path: String, _ section: SectionReader) -> ConfigurationValue? {
        switch node.content {
        case .string: return section.text(node, path, emptyAllowed: true).map { .string($0) }
        case .integer(let number): return .integer(number)
        case .number(let number): return .number(number)
        case .boolean(let value): return .boolean(value)
        case .array(let elements):
            return .array(elements.enumerated().compactMap { value($1, "\(path)[\($0)]", section) })
        case .table(let entries):
            var table: [String: ConfigurationValue] = [:]
            for entry in entries { table[entry.key] = value(entry.node, "\(path).\(entry.key)", section) }
            return .table(table)
        case .date:
            collector.error(node.location.value, "`\(path)` must not be a date or time")
            return nil
        }
    }
}
