import ArgumentParser

/// `attune model checkout`.
struct ModelCheckoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkout", abstract: "Put another version to use: a branch, or one by itself.",
        discussion: """
            On a branch what is learned from now on moves it; on a tag or a commit it moves HEAD alone, and \
            is left behind at the next checkout unless a branch is made for it.
            """)

    @Argument(help: "A branch, or a commit or tag.") var target: String
    @OptionGroup var option: ModelOption

    func run() async throws { try await ModelChange.make(.checkout(target), option) }
}
