import ArgumentParser
import Assembly
import Configuration
import Wire

/// `attune store checkpoint DIRECTORY`.
struct StoreCheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Make a copy of the stores as they are now.",
        discussion: """
            On the same file system files are linked, so it takes little time and space. The copy is used by \
            naming DIRECTORY as [persistence] rocksdb_path, and the key of the data in [persistence] key. A \
            gateway that runs makes the copy of its own store itself.
            """)

    @Argument(help: "Where the copies go, each in a directory of its store's name.", completion: .directory)
    var directory: String
    @OptionGroup var store: StoreOption
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let configuration = try config.load().configuration
        let stores = try store.chosen(configuration)
        let target = try StoreTarget(directory)
        var made: [(store: DataStore, path: String)] = []
        for store in stores {
            let path = "\(target.path)/\(store.rawValue)"
            _ = try await OpenStore.checkpoint(store, to: path, configuration)
            made.append((store, path))
        }
        Console.data(
            output.isJSON
                ? Self.json(made) : Array(made.map { "\($0.path)" }.joined(separator: "\n").utf8))
    }

    private static func json(_ made: [(store: DataStore, path: String)]) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginArray()
        for row in made {
            json.beginObject()
            json.field("store", row.store.rawValue)
            json.field("path", row.path)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
