import ArgumentParser

/// `attune model merge`.
struct ModelMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make one version of HEAD and another.",
        discussion: """
            What the other has learned beyond the last version that both come from is added to HEAD, as \
            often as --weight says: 0.5 counts half of it.
            """)

    @Argument(help: "A commit, a branch or a tag.") var commit: String
    @Option(help: "How often what the other learned counts, over 0.") var weight = 1.0
    @Flag(help: "Make a version of its own even where HEAD could just go on to the other.")
    var alwaysCommit = false
    @Flag(help: "Merge versions that have nothing in common, such as imported ones.")
    var allowUnrelated = false
    @Option(name: [.customShort("m"), .long], help: "The message of the version that is made.")
    var message = ""
    @OptionGroup var option: ModelOption

    func run() async throws {
        try await ModelChange.make(
            .merge(
                commit, weight: weight, allowsUnrelated: allowUnrelated, alwaysCommits: alwaysCommit),
            option, message: message)
    }
}
