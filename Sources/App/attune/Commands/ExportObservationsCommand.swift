import ArgumentParser
import Assembly
import Configuration
import Foundation
import Journal
import Storage

/// `attune export observations`.
struct ExportObservationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observations", abstract: "Write the tool calls of the journal as JSON lines.",
        discussion: """
            Times are like 2026-11-23 or 2026-11-23T12:00:00Z; without them all calls are written. Arguments \
            and results are there if [learning] capture was "full" when the call was made. A running gateway \
            is read beside; `attune evaluate` reads what is written.
            """)

    @Option(help: ArgumentHelp("Only the calls that began at this time or later.", valueName: "time"))
    var from: String?
    @Option(help: ArgumentHelp("Only the calls that began before this time.", valueName: "time"))
    var to: String?
    @OptionGroup var config: ConfigurationOption

    /// Lines are written in blocks of about so many bytes.
    private static let blockBytes = 64 << 10

    func validate() throws {
        for (name, text) in [("--from", from), ("--to", to)] {
            if let text, Self.microseconds(text) == nil {
                throw ValidationError(
                    "\(name) \(text) is no time; give one like 2026-11-23 or 2026-11-23T12:00:00Z")
            }
        }
    }

    func run() throws {
        let configuration = try config.load().configuration
        let unread: Int
        do throws(StorageError) {
            unread = try DataStore.core.reading(configuration) { reader throws(StorageError) in
                var lines = ObservationLines(reader)
                var block: [UInt8] = []
                let unread = try lines.write(
                    from: from.flatMap(Self.microseconds) ?? 0, upTo: to.flatMap(Self.microseconds)
                ) { line in
                    block += line
                    if block.count < Self.blockBytes { return }
                    Console.data(block)
                    block.removeAll(keepingCapacity: true)
                }
                if !block.isEmpty { Console.data(block) }
                return unread
            }
        } catch {
            throw CommandFailure.storing(error)
        }
        if unread > 0 { Console.talk("\(unread) entries were left out: another version wrote them") }
    }

    private static func microseconds(_ text: String) -> UInt64? {
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: .iso8601.year().month().day()))
        guard let seconds = date?.timeIntervalSince1970, seconds >= 0 else { return nil }
        return UInt64(seconds * 1_000_000)
    }
}
