import ArgumentParser
import Assembly
import Configuration
import ModelHistory
import RocksStorage

/// `attune learn`.
struct LearnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn", abstract: "Learn from a running gateway until SIGTERM or SIGINT.",
        discussion: """
            `attune run` starts this by itself. With `[learning] mode = "external"` it is started by hand, \
            such as in a container of its own, with the gateway's configuration.
            """)

    @Flag(help: .hidden) var supervised = false
    @Option(help: ArgumentHelp("The gateway's socket for attaching.", visibility: .hidden)) var socket:
        String?
    @Option(help: ArgumentHelp("The directory of the certificates.", visibility: .hidden))
    var certificates: String?
    @Option(help: ArgumentHelp("Where the state is kept for the next learner.", visibility: .hidden))
    var checkpoint: String?
    @Option(help: ArgumentHelp("The bytes that may be used, all told.", visibility: .hidden)) var memory:
        UInt64?
    @Option(help: ArgumentHelp("The bytes of it for statistics.", visibility: .hidden)) var model = Int.max
    @Option(help: ArgumentHelp("What is kept on disk of calls.", visibility: .hidden)) var capture: String?
    @Option(help: ArgumentHelp("Where attune model asks for changes.", visibility: .hidden)) var models:
        String?
    @Option(help: ArgumentHelp("The directory of the gateway's stores.", visibility: .hidden)) var data:
        String?
    @Option(help: ArgumentHelp("How the learner's store is compressed.", visibility: .hidden))
    var compression: String?
    @Option(help: ArgumentHelp("Milliseconds between versions of the model.", visibility: .hidden))
    var interval: Int?
    @Option(help: ArgumentHelp("Days for which versions are kept; 0 for ever.", visibility: .hidden))
    var keep = 0
    @Option(help: ArgumentHelp("The control group to join.", visibility: .hidden)) var cgroup: String?
    @Option(help: ArgumentHelp("What the gateway's lifeline finds the process by.", visibility: .hidden))
    var mark: String?
    @OptionGroup var config: ConfigurationOption

    func validate() throws {
        let given = [socket, certificates, checkpoint].count { $0 != nil }
        guard given == 0 || given == 3 else {
            throw ValidationError("--socket, --certificates and --checkpoint go together")
        }
    }

    func run() async throws {
        let code = await LearnerProgram.run(try options()) { Console.talk($0) }
        if code != 0 { throw ExitCode(code) }
    }

    private func options() throws(CommandFailure) -> LearnerProgram.Options {
        if let socket, let certificates, let checkpoint {
            var options = LearnerProgram.Options(
                link: .socket(path: socket, certificates: certificates), checkpointPath: checkpoint,
                modelBytes: model,
                memoryBytes: memory, group: cgroup, isSupervised: supervised)
            if let capture = capture.flatMap(LearningConfiguration.Capture.init) {
                options.keep(capture)
            }
            options.data = data
            options.modelSocket = models
            if let interval { options.updateInterval = .milliseconds(max(1, interval)) }
            options.retention = Retention(modelDays: keep)
            if let name = compression.flatMap(PersistenceConfiguration.Compression.init) {
                options.compression = RocksSettings.Compression(name)
            }
            return options
        }
        let configuration = try config.load().configuration
        guard configuration.learning.mode != .off else { throw .learningIsOff }
        return LearnerProgram.Options(configuration)
    }
}
