import ArgumentParser
import Assembly

/// `attune model tag`.
struct ModelTagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "List tags, make one or delete one.")

    @Argument(help: "The tag to make; without one, all are listed.") var name: String?
    @Argument(help: "The commit that it is made at; else HEAD.") var commit: String?
    @Flag(name: [.customShort("d"), .long], help: "Delete it.") var delete = false
    @OptionGroup var option: ModelOption

    func validate() throws {
        if delete, name == nil || commit != nil {
            throw ValidationError("give the name of the tag to delete")
        }
    }

    func run() async throws {
        guard let name else { return try ModelReferenceList.show(option, tags: true) }
        let deed: ModelRequest.Deed = delete ? .deleteTag(name) : .tag(name, at: commit ?? "HEAD")
        try await ModelChange.make(deed, option)
    }
}
