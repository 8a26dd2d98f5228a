import ArgumentParser

/// `attune completion`.
struct CompletionCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Write a shell's completion script to standard output.",
        discussion: """
            bash: attune completion bash > ~/.local/share/bash-completion/completions/attune
            zsh:  attune completion zsh > "${fpath[1]}/_attune"
            fish: attune completion fish > ~/.config/fish/completions/attune.fish
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell
    @OptionGroup var config: ConfigurationOption

    func run() {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Console.data(AttuneCommand.completionScript(for: kind))
    }
}
