import ArgumentParser

/// `attune model gc`.
struct ModelCollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Let go of what nothing leads to any more.",
        discussion: """
            Branches, tags and HEAD lead to their versions and all before them, and so do moves in the \
            reflog until they are --expire days old. Of the versions that the learner made, all of the last \
            day are kept, one an hour of the last week, then one a day for [persistence] \
            model_retention_days; the learner does the same once an hour.
            """)

    @Option(help: "How many days moves in the reflog count.") var expire = 90
    @OptionGroup var option: ModelOption

    func validate() throws {
        guard expire >= 0 else { throw ValidationError("--expire is 0 or more") }
    }

    func run() async throws {
        let days = try option.config.load().configuration.persistence.modelRetentionDays
        try await ModelChange.make(.collect(days: expire, versionDays: days), option)
    }
}
