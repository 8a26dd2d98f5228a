import ArgumentParser
import Identity
import Wire

/// `attune keys new NAME`.
struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Print a fresh key and what to put into the configuration for it.",
        discussion:
            "The key is shown once; the configuration keeps its hash. Clients send it as a bearer token.")

    @Argument(help: "The principal that the key stands for.") var name: String
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    private static let maxNameBytes = 64

    func validate() throws {
        let fits = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "._@+-".utf8.contains(byte)
        }
        guard fits, (1...Self.maxNameBytes).contains(name.utf8.count), name != "anonymous" else {
            throw ValidationError("a principal is 1 to 64 of A-Z, a-z, 0-9 and ._@+-, and not \"anonymous\"")
        }
    }

    func run() {
        let key = AccessKey()
        if output.isJSON {
            var writer = JSONWriter(capacity: 256)
            writer.beginObject()
            writer.field("principal", name)
            writer.field("key", key.text)
            writer.field("hash", key.hash.text)
            writer.endObject()
            return Console.data(writer.bytes)
        }
        Console.data(key.text)
        Console.data("")
        Console.data(
            """
            [[security.keys]]
            principal = "\(name)"
            hash = "\(key.hash.text)"
            """)
        Console.talk("Give the key to the client (Authorization: Bearer KEY) and the section to attune.toml.")
    }
}
