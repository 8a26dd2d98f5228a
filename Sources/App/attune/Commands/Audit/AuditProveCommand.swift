import ArgumentParser
import Audit
import Wire

/// `attune audit prove SEQ`.
struct AuditProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Print a proof that an entry is in the log.",
        discussion: """
            Whoever has the text and the log's public key can check it with \
            `attune audit verify --proof FILE --key KEY`, without the log.
            """)

    @Argument(help: "The entry's place in the log, as `attune audit search` gives it.") var seq: UInt64
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let store = AuditStore(configuration: try config.load().configuration)
        let seq = seq
        let (proof, entry) = try store.reading { reader throws(AuditFailure) in
            let reader = AuditReader(reader)
            guard let head = try reader.newestHead() else { throw .unsigned }
            return (try reader.proof(of: seq, in: head), try reader.entry(seq))
        }
        guard output.isJSON else { return Console.data(proof.text) }
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.field("seq", Int(clamping: proof.index))
        json.key("entry")
        AuditRow.write(proof.index, entry, &json)
        json.field("leaf_hash", MerkleHash.leaf(proof.entry).description)
        json.field("tree_size", Int(clamping: proof.head.head.size))
        json.field("root", proof.head.head.root.description)
        json.key("path")
        json.beginArray()
        for hash in proof.path { json.value(hash.description) }
        json.endArray()
        json.field("head", proof.head.text)
        json.field("proof", proof.text)
        json.endObject()
        Console.data(json.bytes)
    }
}
