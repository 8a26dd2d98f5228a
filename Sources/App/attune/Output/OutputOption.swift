import ArgumentParser

/// `-o json`.
struct OutputOption: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(name: [.customShort("o"), .customLong("output")], help: "How data is written: text or json.")
    var format = Format.text

    var isJSON: Bool { format == .json }
}
