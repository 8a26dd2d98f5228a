import ArgumentParser
import Audit

/// `attune audit key`.
struct AuditKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print the public key that the log's tree heads are signed with.",
        discussion: "Keep it elsewhere: with it `attune audit verify --key` trusts no file of this machine.")

    @OptionGroup var config: ConfigurationOption

    func run() throws {
        let store = AuditStore(configuration: try config.load().configuration)
        let key = try store.key()
        let log = try store.reading { reader throws(AuditFailure) in
            guard let log = try AuditReader(reader).log() else { throw .notBegun }
            return log
        }
        Console.data(key.verifier(of: log).text)
    }
}
