import ArgumentParser

/// `attune model`.
struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look at what was learned, compare versions, merge them and go back.",
        discussion: """
            A model's versions are commits: HEAD is the one in use, a branch is moved by what is learned \
            on it, and nothing is lost before `gc`. A COMMIT is HEAD, a branch, a tag, the first digits of \
            an id or v5 for version 5, with ~2 for two before it or @{1} for where it was one move ago.

            All of them work beside a gateway that runs: its learner makes the changes, and goes on from \
            where HEAD is then.
            """,
        subcommands: [
            ModelListCommand.self, ModelLogCommand.self, ModelShowCommand.self, ModelDiffCommand.self,
            ModelReflogCommand.self, ModelCheckoutCommand.self, ModelBranchCommand.self,
            ModelTagCommand.self, ModelMergeCommand.self, ModelRevertCommand.self,
            ModelRollbackCommand.self, ModelFsckCommand.self, ModelCollectCommand.self,
            ModelBundleCommand.self, ModelImportCommand.self,
        ])

    @OptionGroup var config: ConfigurationOption
}
