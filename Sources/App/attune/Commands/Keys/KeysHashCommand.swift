import ArgumentParser
import Identity
import Wire

/// `attune keys hash`.
struct KeysHashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash", abstract: "Read a key from standard input and print its hash.",
        discussion:
            "For keys that something else makes: use at least 128 random bits, since the hash is fast.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let input = try InputFile.read("-")
        let text = String(decoding: input, as: UTF8.self).trimmingNewlines
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw CommandFailure.malformedKey
        }
        let hash = AccessKey(text).hash.text
        if output.isJSON {
            var writer = JSONWriter(capacity: 128)
            writer.beginObject()
            writer.field("hash", hash)
            writer.endObject()
            return Console.data(writer.bytes)
        }
        Console.data(hash)
    }
}

extension String {
    fileprivate var trimmingNewlines: String {
        var text = self
        while let last = text.last, last.isNewline { text.removeLast() }
        return text
    }
}
