import ArgumentParser
import Processes

/// `attune lifeline TOKEN`, which the gateway starts beside itself: it ends the servers when the gateway
/// dies.
struct LifelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifeline", abstract: "Guard the servers of a gateway.", shouldDisplay: false)

    @Argument var token: String

    func run() throws {
        throw ExitCode(Lifeline.guardMain(token: token))
    }
}
