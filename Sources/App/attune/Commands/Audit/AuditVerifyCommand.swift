import ArgumentParser
import Audit
import Telemetry
import Wire

/// `attune audit verify`.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare the whole audit log with its hashes, heads and witness.",
        discussion: """
            Exit code 0 says that it is sound, 1 that it was tampered with or can't be read. With --proof it \
            checks a proof that `attune audit prove` printed, and needs no log if --key is given too.
            """)

    @Option(help: ArgumentHelp("Check this proof instead of a log.", valueName: "file")) var proof: String?
    @Option(help: ArgumentHelp("The public key, as `attune audit key` printed it.", valueName: "key"))
    var key: String?
    @Option(
        help: ArgumentHelp(
            "A tree head that was noted elsewhere: the log must begin with its entries.", valueName: "file"))
    var head: String?
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        if let key, AuditVerifier(text: key) == nil {
            throw ValidationError("--key is none that `attune audit key` prints")
        }
    }

    func run() throws {
        if let proof { return try judge(proof) }
        let store = AuditStore(configuration: try config.load().configuration)
        let given = key.flatMap { AuditVerifier(text: $0) }
        let publicKey = try given?.publicKey ?? store.key().publicKey
        var gathered = try store.evidence()
        if let head { gathered.add(noted: try Self.head(head)) }
        let evidence = gathered
        let report = try store.reading { reader throws(AuditFailure) in
            if try AuditReader(reader).size() == 0, evidence.isEmpty { throw .notBegun }
            var verification = AuditVerification(reader, publicKey: publicKey, evidence)
            return try verification.run()
        }
        Console.data(output.isJSON ? Self.json(report) : Array(Self.text(report).utf8))
        if !report.isSound { throw ExitCode(Program.failed) }
    }

    // MARK: Proofs

    private func judge(_ file: String) throws {
        let text = String(decoding: try InputFile.read(file), as: UTF8.self)
        guard let proof = InclusionProof(text: text) else {
            throw CommandFailure.unreadable(
                path: file, reason: "it is no proof as `attune audit prove` prints it")
        }
        let verifier: AuditVerifier
        if let key, let given = AuditVerifier(text: key) {
            verifier = given
        } else {
            let store = AuditStore(configuration: try config.load().configuration)
            verifier = try store.key().verifier(of: proof.head.head.log)
        }
        let holds = proof.holds(for: verifier)
        if output.isJSON {
            var json = JSONWriter()
            json.beginObject()
            json.field("holds", holds)
            json.field("seq", Int(clamping: proof.index))
            json.field("tree_size", Int(clamping: proof.head.head.size))
            json.field("log", proof.head.head.log.origin)
            json.key("entry")
            if let row = proof.row { json.raw(row) } else { json.null() }
            json.endObject()
            Console.data(json.bytes)
        } else {
            let place = "entry \(proof.index) of \(proof.head.head.log.origin)"
            Console.data(holds ? "the proof holds: \(place)" : "the proof does not hold: \(place)")
        }
        if !holds { throw ExitCode(Program.failed) }
    }

    private static func head(_ file: String) throws -> SignedHead {
        guard let head = SignedHead(text: String(decoding: try InputFile.read(file), as: UTF8.self)) else {
            throw CommandFailure.unreadable(path: file, reason: "it is no tree head")
        }
        return head
    }

    // MARK: The report

    private static func text(_ report: AuditReport) -> String {
        var lines = report.findings.map { Style.printable("\($0.name): \($0)") }
        if report.furtherFindings > 0 { lines.append("and \(report.furtherFindings) more") }
        if report.isSound {
            lines.append(
                "sound: \(report.size) entries and \(report.heads) signed heads; \(report.unsigned) entries "
                    + "came after the last head")
        }
        if let head = report.newestHead {
            lines.append(
                "root of \(head.head.size): \(head.head.root), \(Timestamp.text(head.head.timestamp))")
        }
        return lines.joined(separator: "\n")
    }

    private static func json(_ report: AuditReport) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.field("sound", report.isSound)
        json.field("log", report.log?.origin ?? "")
        json.field("size", Int(clamping: report.size))
        json.field("root", report.root.description)
        json.field("heads", report.heads)
        json.field("unsigned", Int(clamping: report.unsigned))
        json.field("head", report.newestHead?.text ?? "")
        json.key("findings")
        json.beginArray()
        for finding in report.findings {
            json.beginObject()
            json.field("name", finding.name)
            json.field("detail", finding.description)
            json.endObject()
        }
        json.endArray()
        json.field("further_findings", report.furtherFindings)
        json.endObject()
        return json.bytes
    }
}
