import ArgumentParser
import Assembly
import Configuration
import Foundation
import Storage
import Wire

/// `attune keys init`.
struct KeysInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the keys of the data directory, as a first start would.",
        discussion: """
            What is there already stays as it is. Values that were written before there were keys are sealed \
            by the gateway at its next start.
            """)

    @Flag(help: "Seal stores that were written with encrypt = false since there are keys.")
    var adopt = false
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let configuration = try config.load().configuration
        let setup = KeySetup(configuration, environment: ProcessInfo.processInfo.environment)
        let report: KeySetup.Report
        do throws(KeyFault) {
            report = try setup.run(adopts: adopt)
        } catch {
            await ActNote.leave(OperatorAct("keys init", .failed, ["\(error)"]), configuration)
            throw CommandFailure.storing(.key(error))
        }
        await ActNote.leave(
            OperatorAct(
                "keys init", .applied,
                [report.isNew ? "made the key ring" : "the key ring was there"]
                    + report.adopts.map { "seals \($0)" }), configuration)
        if output.isJSON {
            var json = JSONWriter(capacity: 256)
            json.beginObject()
            json.field("made", report.isNew)
            json.field("ring", report.ringPath)
            json.field("key", report.keyText)
            json.field("key_id", report.keyID)
            json.field("epoch", Int(report.epoch))
            json.key("adopts")
            json.beginArray()
            for name in report.adopts { json.value(name) }
            json.endArray()
            json.endObject()
            return Console.data(json.bytes)
        }
        Console.data("\(report.ringPath): \(report.isNew ? "made" : "was there"), data key \(report.epoch)")
        Console.data("key \(report.keyID) from \(report.keyText)")
        if !report.adopts.isEmpty {
            Console.data("to be sealed at the next start: \(report.adopts.joined(separator: ", "))")
        }
        if report.isNew {
            Console.talk("Keep a copy of the key apart from the data: without it nobody can read them.")
        }
    }
}
