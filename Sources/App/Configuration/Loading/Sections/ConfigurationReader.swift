/// Turns a document into a configuration; each section is an extension in a file of its own.
struct ConfigurationReader {
    let collector: DiagnosticCollector
    var configuration: GatewayConfiguration
    let directories: DataDirectories

    static let sections = [
        "core", "servers", "profiles", "learning", "memory", "persistence", "policy", "experiments",
        "security",
        "observability",
    ]

    init(collector: DiagnosticCollector) {
        self.collector = collector
        directories = DataDirectories(environment: collector.environment)
        configuration = .defaults(environment: collector.environment)
    }

    /// - Throws: all errors and warnings, when there is at least one error.
    mutating func read(_ document: TOMLDocument) throws(ConfigurationFailure) {
        let entries = document.root.table ?? []
        let core = entries.first { $0.key == "core" }
        let memory = entries.first { $0.key == "memory" }
        readCore(core)
        readMemory(memory, core: core)
        for entry in entries {
            switch entry.key {
            case "core", "memory": break
            case "servers": readServers(entry)
            case "profiles": break
            case "learning": readLearning(entry)
            case "persistence": readPersistence(entry)
            case "policy": readPolicies(entry)
            case "experiments": readExperiments(entry)
            case "security": readSecurity(entry)
            case "observability": readObservability(entry)
            default: refuseSection(entry)
            }
        }
        if let profiles = entries.first(where: { $0.key == "profiles" }) { readProfiles(profiles) }
        warnOfOpenAddresses(entries)
        warnOfUnknownPrincipals(entries)
        configuration.runtimeDirectory = directories.sockets(store: configuration.persistence.directory.value)
        if collector.hasErrors { throw ConfigurationFailure(collector.errorsFirst) }
    }

    func section(_ entry: TOMLEntry) -> SectionReader {
        SectionReader(entry, name: entry.key, pattern: entry.key, collector: collector)
    }

    /// The tables of a section of named tables, in the order of the file.
    func named(_ entry: TOMLEntry) -> [TOMLEntry] {
        guard let tables = entry.node.table else {
            collector.error(
                entry.node.location.value, "`\(entry.key)` must be a table, found \(entry.node.kind)")
            return []
        }
        return tables.filter { table in
            if table.node.table != nil { return true }
            collector.error(
                table.node.location.key,
                "`\(entry.key).\(table.key)` must be a table, found \(table.node.kind)",
                suggestion: "write [\(entry.key).NAME] with the keys below it")
            return false
        }
    }

    /// Whether a name fits `[a-z0-9][a-z0-9-]{0,23}`; an error when not.
    func checkName(_ entry: TOMLEntry, of kind: String) -> Bool {
        if NamePattern.matches(entry.key) { return true }
        collector.error(
            entry.node.location.key,
            "the name of a \(kind) has 1 to 24 of a-z, 0-9 and -, and starts with no -: \"\(entry.key)\"",
            suggestion: "\"\(NamePattern.adapted(entry.key))\" would do")
        return false
    }

    private func refuseSection(_ entry: TOMLEntry) {
        let closest = Spelling.closest(to: entry.key, among: Self.sections)
        let what =
            entry.node.table == nil ? "key `\(entry.key)` outside of a section" : "section [\(entry.key)]"
        collector.error(
            entry.node.location.key, "unknown \(what)",
            suggestion: closest.map { "did you mean [\($0)]?" }
                ?? "the sections are \(Self.sections.joined(separator: ", "))")
    }
}
