import ArgumentParser
import Foundation
import ModelHistory
import Wire

/// `attune model bundle`.
struct ModelBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Write a model's history to a file that needs nothing else.",
        discussion: "`attune model import` takes it in, on this machine or another.")

    @Argument(help: "The file; it must not be there yet.", completion: .file()) var file: String
    @Argument(help: "Branches and tags that go in, with all before them; else all.") var names: [String] = []
    @OptionGroup var option: ModelOption

    func run() throws {
        let name = try option.name
        guard let target = BundleTarget(file) else { throw CommandFailure.unwritable(path: file) }
        let objects: Int
        do {
            objects = try option.reading { reader throws(HistoryError) in
                try reader.bundle(name, try chosen(reader, name)) { target.write($0) }
            }
        } catch {
            target.discard()
            throw error
        }
        guard target.finish() else { throw CommandFailure.unwritable(path: file) }
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.field("path", file)
        json.field("objects", objects)
        json.field("bytes", target.bytes)
        json.endObject()
        option.show(
            "\(file): \(objects) objects, \(Amount.bytes(Int64(target.bytes)))", json: json.bytes)
    }

    private func chosen(_ reader: ModelReader, _ model: ModelName) throws(HistoryError) -> [Reference] {
        let all = try reader.references(model).map(\.reference)
        return try names.map { text throws(HistoryError) in
            guard let found = all.first(where: { $0.name == text || $0.text == text }) else {
                throw .noSuch(.branch, text)
            }
            return found
        }
    }
}
