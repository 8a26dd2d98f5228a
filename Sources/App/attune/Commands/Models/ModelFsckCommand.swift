import ArgumentParser
import ModelHistory
import Wire

/// `attune model fsck`.
struct ModelFsckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Check every byte of all models' histories, and that nothing is missing.",
        discussion: "Exit code 0 says that all is sound, 1 that something is damaged or can't be read.")

    @OptionGroup var option: ModelOption

    func run() throws {
        let report = try option.reading { reader throws(HistoryError) in try reader.fsck() }
        option.show(Self.text(report), json: Self.json(report))
        if !report.isSound { throw ExitCode(Program.failed) }
    }

    private static func text(_ report: FsckReport) -> String {
        let sizes = [report.storedBytes, report.contentBytes].map { Amount.bytes(Int64($0)) }
        var lines = report.findings.map { Style.printable("\($0.place): \($0.problem)") }
        let verdict = report.isSound ? "sound" : "\(report.findingCount) findings"
        lines.append(
            "\(verdict): \(report.objects) objects (\(sizes[1]) stored as \(sizes[0])), "
                + "\(report.references) references, \(report.reflogEntries) reflog entries, "
                + "\(report.grafts) gaps where versions were let go of, "
                + "\(report.unreachable) objects that nothing leads to")
        return lines.joined(separator: "\n")
    }

    private static func json(_ report: FsckReport) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("sound", report.isSound)
        json.field("objects", report.objects)
        json.field("content_bytes", report.contentBytes)
        json.field("stored_bytes", report.storedBytes)
        json.field("references", report.references)
        json.field("reflog_entries", report.reflogEntries)
        json.field("gaps", report.grafts)
        json.field("unreachable", report.unreachable)
        json.field("finding_count", report.findingCount)
        json.key("findings")
        json.beginArray()
        for finding in report.findings {
            json.beginObject()
            json.field("place", finding.place)
            json.field("problem", finding.problem)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}
