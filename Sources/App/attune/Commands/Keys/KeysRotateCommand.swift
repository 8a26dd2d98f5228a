import ArgumentParser
import Assembly
import Configuration
import Foundation
import Storage
import Wire

/// `attune keys rotate`.
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new data key, which seals from now on.",
        discussion: """
            A gateway that runs takes it within a second and seals older values anew in the background; one \
            that is started later does so then. `attune keys status` shows how far that is.

            With --key the key-encryption key is replaced too. One in a file is replaced by a random one, \
            and the old one kept beside it for copies of the data that were made before. One from elsewhere \
            is to be given as two lines: the new key, then the one in use.
            """)

    @Flag(help: "Replace the key-encryption key too.") var key = false
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let configuration = try config.load().configuration
        guard configuration.persistence.encrypt else { throw CommandFailure.sealingIsOff }
        let rotation = KeyRotation(configuration, environment: ProcessInfo.processInfo.environment)
        let report: KeyRotation.Report
        do throws(KeyFault) {
            report = try rotation.run(renewsKey: key)
        } catch {
            await ActNote.leave(OperatorAct("keys rotate", .failed, ["\(error)"]), configuration)
            throw CommandFailure.storing(.key(error))
        }
        await ActNote.leave(
            OperatorAct(
                "keys rotate", .applied, ["data key \(report.epoch)", "key ring under key \(report.keyID)"]),
            configuration)
        if output.isJSON {
            var json = JSONWriter(capacity: 256)
            json.beginObject()
            json.field("epoch", Int(report.epoch))
            json.field("key_id", report.keyID)
            json.field("key_renewed", key)
            json.key("kept_at")
            if let path = report.keptAt { json.value(path) } else { json.null() }
            json.endObject()
            return Console.data(json.bytes)
        }
        Console.data("data key \(report.epoch) seals from now on")
        if key { Console.data("the key ring is under key \(report.keyID)") }
        if let path = report.keptAt {
            Console.talk(
                "The key it was under is in \(path), for copies made before: keep it apart, or remove it.")
        }
    }
}
