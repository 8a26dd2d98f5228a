import ArgumentParser
import Assembly
import Configuration
import Foundation
import Journal
import Parquet
import Storage
import Telemetry

/// `attune export observations`.
struct ExportObservationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observations",
        abstract: "Write the tool calls of the journal as JSON lines or Parquet.",
        discussion: """
            Times are like 2026-11-23 or 2026-11-23T12:00:00Z; without them all calls are written. Arguments \
            and results are there if [learning] capture was "full" when the call was made. A running gateway \
            is read beside; `attune evaluate` reads the JSON lines. A file takes its name when it is whole.
            """)

    @Option(help: ArgumentHelp("Only the calls that began at this time or later.", valueName: "time"))
    var from: String?
    @Option(help: ArgumentHelp("Only the calls that began before this time.", valueName: "time"))
    var to: String?
    @Option(help: "json (JSON lines) or parquet (Apache Parquet).") var format = ExportFormat.json
    @Option(help: ArgumentHelp("A file for the data, instead of standard output.", valueName: "file"))
    var output: String?
    @OptionGroup var config: ConfigurationOption

    func validate() throws {
        for (name, text) in [("--from", from), ("--to", to)] {
            if let text, Self.microseconds(text) == nil {
                throw ValidationError(
                    "\(name) \(text) is no time; give one like 2026-11-23 or 2026-11-23T12:00:00Z")
            }
        }
        if format == .parquet, output == nil, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("a terminal can't show Parquet; name a file with --output")
        }
    }

    func run() throws {
        let configuration = try config.load().configuration
        let written: Result<Int, CommandFailure>
        do throws(StorageError) {
            written = try DataStore.core.reading(configuration) { reader throws(StorageError) in
                var calls = try Observations(
                    reader, from: from.flatMap(Self.microseconds) ?? 0, upTo: to.flatMap(Self.microseconds))
                return try write(&calls)
            }
        } catch {
            throw CommandFailure.storing(error)
        }
        // A reader of lines that has enough of them is no failure.
        if case .failure(.unfinished(_, .readerGone)) = written, format == .json { return }
        let unread = try written.get()
        if unread > 0 { Console.talk("\(unread) entries were left out: another version wrote them") }
    }

    /// - Returns: how many entries could not be read.
    private func write(_ calls: inout Observations) throws(StorageError) -> Result<Int, CommandFailure> {
        let file: OutputFile
        do throws(CommandFailure) { file = try OutputFile(output) } catch { return .failure(error) }
        // What was not finished is left nowhere.
        defer { file.abandon() }
        var writer = ParquetWriter<CommandFailure>(
            Observation.columns, program: "attune version \(GatewayVersion.text)"
        ) { bytes throws(CommandFailure) in try file.write(bytes) }
        while let call = try calls.next() {
            do throws(CommandFailure) {
                switch format {
                case .json: try file.write(call.line)
                case .parquet: try writer.append(call.row)
                }
            } catch {
                return .failure(error)
            }
        }
        do throws(CommandFailure) {
            if format == .parquet { try writer.finish() }
            try file.finish()
        } catch {
            return .failure(error)
        }
        return .success(calls.unread)
    }

    private static func microseconds(_ text: String) -> UInt64? {
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: .iso8601.year().month().day()))
        guard let seconds = date?.timeIntervalSince1970, seconds >= 0 else { return nil }
        return UInt64(seconds * 1_000_000)
    }
}
