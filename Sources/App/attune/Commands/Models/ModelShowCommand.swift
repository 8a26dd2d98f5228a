import ArgumentParser
import Foundation
import ModelHistory
import Schemas
import Telemetry
import Wire

/// `attune model show`.
struct ModelShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a version: how it was made, what it scored, and its parts.",
        discussion: """
            --part writes the bytes of one part to standard output, and --protobuf the whole version as the \
            message LearningModel of the schemas.
            """)

    @Argument(help: "A commit, a branch or a tag; else HEAD.") var commit = "HEAD"
    @Option(help: "Write the bytes of this part.") var part: String?
    @Flag(help: "Write the version as a LearningModel.") var protobuf = false
    @OptionGroup var option: ModelOption

    private struct Found {
        var row: CommitRow
        var tree: ModelTree
        var data: LearningData
    }

    func validate() throws {
        guard part == nil || !protobuf else { throw ValidationError("give --part or --protobuf, not both") }
    }

    func run() throws {
        let name = try option.name
        if let part { return try raw { reader, id throws(HistoryError) in try bytes(part, reader, id) } }
        if protobuf {
            return try raw { reader, id throws(HistoryError) in
                (try? reader.learningModel(id).serializedBytes()) ?? []
            }
        }
        let found = try option.reading { reader throws(HistoryError) in
            let id = try reader.resolve(self.commit, of: name)
            let commit = try reader.commit(id)
            let names = try CommitRow.names(reader, name)[id] ?? []
            return Found(
                row: try CommitRow(reader, id, commit, names: names), tree: try reader.tree(of: commit),
                data: try reader.data(of: commit))
        }
        option.show(Self.text(found), json: Self.json(found))
    }

    private func raw(
        _ body: (ModelReader, ObjectID) throws(HistoryError) -> [UInt8]
    ) throws {
        let name = try option.name
        let bytes = try option.reading { reader throws(HistoryError) in
            try body(reader, try reader.resolve(commit, of: name))
        }
        // As they are, without a line end.
        try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
    }

    private func bytes(
        _ name: String, _ reader: ModelReader, _ id: ObjectID
    ) throws(HistoryError) -> [UInt8] {
        guard let part = try reader.tree(of: try reader.commit(id))[name] else {
            throw .noSuch(.part, name)
        }
        return try reader.bytes(of: part)
    }

    private static func text(_ found: Found) -> String {
        let commit = found.row.commit
        var lines = [
            "commit   \(found.row.id.hex)",
            "version  \(commit.version) of \(commit.model) (\(commit.kind))",
            "author   \(commit.author)", "made     \(Timestamp.text(commit.microseconds))",
        ]
        if !found.row.names.isEmpty { lines.append("names    \(found.row.names.joined(separator: ", "))") }
        for parent in commit.parents { lines.append("parent   \(parent.hex)") }
        if commit.window.to > 0 {
            let (from, to) = (Timestamp.text(commit.window.from), Timestamp.text(commit.window.to))
            lines.append("learned  \(from) to \(to)")
        }
        lines.append("seed     \(commit.seed), code \(commit.codeVersion.isEmpty ? "-" : commit.codeVersion)")
        lines.append("")
        lines += commit.message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.append("")
        for (name, value) in commit.metrics.sorted(by: { $0.key < $1.key }) {
            lines.append("metric   \(name) \(value)")
        }
        for prediction in found.data.predictions {
            let chance = prediction.candidates.first { $0.label.name == prediction.outcome.name }?.probability
            let (said, came) = (100 * (chance ?? 0), 100 * prediction.outcome.number)
            lines.append(
                "judged   \(prediction.task): \(Amount.number(said)) % forecast, "
                    + "\(Amount.number(came)) % came")
        }
        for part in found.tree.parts {
            let size = Amount.bytes(Int64(clamping: part.byteCount))
            lines.append("part     \(part.name), \(size), \(part.blob.short)")
        }
        return lines.map { Style.printable($0) }.joined(separator: "\n")
    }

    private static func json(_ found: Found) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        ModelJSON.commit(found.row.id, found.row.commit, &json)
        ModelJSON.texts("names", found.row.names, &json)
        json.key("parts")
        json.beginArray()
        for part in found.tree.parts {
            json.beginObject()
            json.field("name", part.name)
            json.field("bytes", Int(clamping: part.byteCount))
            json.field("blob", part.blob.hex)
            json.endObject()
        }
        json.endArray()
        ModelJSON.data(found.data, &json)
        json.endObject()
        return json.bytes
    }
}
