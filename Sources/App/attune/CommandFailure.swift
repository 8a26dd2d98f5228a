import Assembly
import Audit
import Configuration
import Evaluation
import Measurement
import ModelHistory
import Storage

/// Why a command did not do what it was asked: what is wrong, and what to do next.
enum CommandFailure: Error {
    case configuration([Diagnostic])
    /// Nothing answers at an address of the gateway.
    case notRunning(address: String, reason: String)
    /// Something listens at an address but gave no whole answer.
    case noAnswer(address: String, reason: String)
    /// The gateway answered with something other than what was asked for.
    case unexpectedAnswer(address: String, status: Int, message: String)
    /// An address of the configuration that a command cannot reach, such as port 0.
    case noAddress(key: String, value: String)
    /// A session that the learner does not know, with those that it does.
    case unknownSession(name: String, known: [String])
    /// The gateway ended a connection of `attune connect`.
    case closed(endpoint: String)
    case unreadable(path: String, reason: String)
    /// A directory that data was to go to.
    case unwritable(path: String)
    /// Data went only in part to where it was to go.
    case unfinished(path: String, reason: OutputFault)
    case malformedJSON(name: String, reason: String)
    /// What was given as a key cannot be one.
    case malformedKey
    case importing(ImportFailure)
    case serving(reason: String)
    /// The configuration has no learner.
    case learningIsOff
    /// The configuration has no keys of the data directory.
    case sealingIsOff
    case measuring(MeasurementFailure)
    case evaluating(EvaluationFailure)
    /// A store on disk did not do what it was asked.
    case storing(StorageError)
    /// A history of models did not do what it was asked.
    case history(HistoryError)
    /// The learner, which has the history open, says so.
    case modelChange(reason: String, next: String)
    /// The audit log did not do what it was asked.
    case auditing(AuditFailure)

    var exitCode: Int32 {
        switch self {
        case .malformedJSON, .malformedKey: Program.usage
        default: Program.failed
        }
    }

    /// Why an address did not answer, without the address, which may hold a secret.
    var reason: String {
        switch self {
        case .notRunning(_, let reason), .noAnswer(_, let reason): reason
        default: "no answer"
        }
    }

    /// The text for standard error.
    var report: String {
        switch self {
        case .configuration(let diagnostics):
            diagnostics.map { $0.rendered(colored: Console.isTalkColored) }.joined(separator: "\n")
        case .notRunning(let address, let reason):
            Self.text(
                "no gateway answers at \(address) (\(reason))",
                "start it with `attune run`, or name its configuration with --config FILE")
        case .noAnswer(let address, let reason):
            Self.text(
                "\(address) gave no answer: \(reason)",
                "run `attune doctor` to see whether this is a gateway and how it is")
        case .unexpectedAnswer(let address, let status, let message):
            Self.text(
                "\(address) answered \(status): \(Style.printable(message))",
                "run `attune doctor` to see whether this is a gateway and how it is")
        case .noAddress(let key, let value):
            Self.text(
                "the gateway's address is not known: [core] \(key) is \(value)",
                "give it a fixed port in the configuration")
        case .unknownSession(let name, let known):
            Self.text(
                "the learner knows no active session \(Style.printable(name))",
                known.isEmpty
                    ? "none is active now: a session is forgotten half an hour after its last call"
                    : "name one of these: \(Style.printable(known.joined(separator: ", ")))")
        case .closed(let endpoint):
            Self.text(
                "the gateway closed the connection",
                "check that it serves \(endpoint) (`attune ls servers`) and still runs (`attune status`)")
        case .unreadable(let path, let reason):
            Self.text("\(path) cannot be read: \(reason)", "check the name and its permissions")
        case .unwritable(let path):
            Self.text("\(path) cannot be made", "check the name and the permissions of its parent")
        case .unfinished(let path, let reason):
            Self.text("\(path) was not written to its end: \(reason)", reason.next)
        case .malformedJSON(let name, let reason):
            Self.text(
                "\(name) is not valid: \(reason)",
                "give one JSON object as text, as @FILE, or as - to read standard input")
        case .malformedKey:
            Self.text(
                "standard input holds no key: visible ASCII characters on one line",
                "pipe the key in, or let `attune keys new NAME` make one")
        case .importing(let failure): "error: \(failure)"
        case .serving(let reason): "error: \(reason)"
        case .learningIsOff:
            Self.text(
                "[learning] mode is \"off\": a gateway with this configuration shows nothing to learn from",
                "set it to \"external\", or to \"process\" for `attune run` to start the learner by itself")
        case .sealingIsOff:
            Self.text(
                "[persistence] encrypt is false: nothing is sealed",
                "set it to true for the gateway to seal what it writes")
        case .evaluating(let failure): Self.text(of: failure)
        case .storing(let error): Self.text(Style.printable("\(error)"), error.next)
        case .history(.storage(let error)): Self.text(Style.printable("\(error)"), error.next)
        case .history(let error): Self.text(Style.printable("\(error)"), error.next)
        case .modelChange(let reason, let next):
            Self.text(Style.printable(reason), Style.printable(next))
        case .auditing(let failure): Self.text(Style.printable("\(failure)"), Self.next(failure))
        case .measuring(.gatewayDidNotStart):
            Self.text(
                "the gateway in memory did not answer its first call", "report this as a fault of Attune")
        case .measuring(.payloadRefused):
            Self.text("a message of the measurements was refused", "report this as a fault of Attune")
        case .measuring(.storeRefused(let path, let error)):
            Self.text("\(path): \(error)", "name another directory for temporary files with TMPDIR")
        case .measuring(.memoryRefused):
            Self.text("there was no memory for a shared segment", "free some memory and try again")
        }
    }

    private static func text(of failure: EvaluationFailure) -> String {
        switch failure {
        case .unreadable(let path, let reason):
            text("\(path) cannot be read: \(reason)", "check the name and its permissions")
        case .damagedArchive(let path):
            text("\(path) is a damaged gzip file, or holds too much", "check it with `gzip -t`")
        case .malformedLine(let path, let line, let reason):
            text("\(path):\(line): \(reason)", "give one JSON object a line, plain or gzipped")
        case .noRows:
            text(
                "no row of the data is one that the task can use",
                "give files of JSON objects, one a line, with the fields that docs/learning.md lists")
        case .unwritable(let path, let reason):
            text("\(path) cannot be written: \(reason)", "check the name and its permissions")
        case .noCatalog:
            text("nothing tells the tools to look among", "name a file of tools with --catalog")
        case .noGroups:
            text("nothing tells the groups of sessions", "name a file with --sessions")
        }
    }

    private static func next(_ failure: AuditFailure) -> String {
        switch failure {
        case .found: "run `attune audit verify` to see all that is wrong"
        case .beyond: "run `attune audit tail` to see the last entries"
        case .unsigned: "try again in a second, while the gateway runs"
        case .notBegun: "start a gateway with [security] audit = \"normal\" or \"durable\""
        case .storage(let error): error.next
        case .witness: "check [security] audit_witness and the permissions of its directory"
        case .noKey: "check the key's file, its permissions and the room on its disk"
        case .slow: "check the disk"
        }
    }

    private static func text(_ problem: String, _ next: String) -> String {
        "error: \(problem)\n  next: \(next)"
    }
}
