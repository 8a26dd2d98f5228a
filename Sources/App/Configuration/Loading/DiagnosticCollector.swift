/// Gathers what is found while a document is read.
///
/// A class, because the readers of nested sections write to the one collector of their document; it stays on
/// the thread of its load.
final class DiagnosticCollector {
    let source: SourceText
    let environment: [String: String]
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var secrets: Set<String> = []

    private let references: SecretReferences
    private let reading: SecretReading

    /// - Parameter references: what becomes of references to secrets where they have a place.
    init(source: SourceText, environment: [String: String], references: SecretReferences = .kept) {
        self.source = source
        self.environment = environment
        self.references = references
        reading = SecretReading(environment: environment)
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// In the order of the file, errors before warnings.
    var errorsFirst: [Diagnostic] { sorted(.error) + sorted(.warning) }
    var warnings: [Diagnostic] { sorted(.warning) }

    func error(_ range: Range<Int>, _ message: String, suggestion: String? = nil) {
        diagnostics.append(source.diagnostic(.error, at: range, message, suggestion: suggestion))
    }

    func warning(_ range: Range<Int>, _ message: String, suggestion: String? = nil) {
        diagnostics.append(source.diagnostic(.warning, at: range, message, suggestion: suggestion))
    }

    /// Fills in the variables of a string of the file; nil, and an error, when that is not possible.
    /// - Parameter maySecret: whether secrets of files and commands have a place there.
    func expand(_ written: String, at range: Range<Int>, maySecret: Bool = false) -> ExpandedText? {
        do throws(TextExpansion.Fault) {
            let text = try TextExpansion.expand(
                written, environment: environment, references: maySecret ? references : .refused,
                secrets: reading)
            if maySecret, text.variables.contains(where: { $0.contains(":") }) { secrets.insert(text.value) }
            for name in text.variables {
                if let value = environment[name], !value.isEmpty { secrets.insert(value) }
            }
            return text
        } catch {
            refuse(error, at: range)
            return nil
        }
    }

    private func refuse(_ fault: TextExpansion.Fault, at range: Range<Int>) {
        switch fault {
        case .missing(let name, let reference):
            error(
                place(of: reference, in: range), "the environment variable \(name) is not set",
                suggestion: "set it, or write ${env:\(name):-default}")
        case .misplaced(let reference):
            error(
                place(of: reference, in: range), "\(reference) has a place in headers and env only",
                suggestion: "write $${ for the characters themselves")
        case .unreadable(let reference, let fault):
            error(place(of: reference, in: range), "\(reference): \(fault)")
        case .malformed(let reference):
            let inner = reference.dropFirst(2).prefix { $0 != "}" }
            let named = TextExpansion.isVariableName(inner) ? "${env:\(inner)}" : "${env:NAME}"
            error(
                place(of: reference, in: range), "\(reference) is no reference to a variable",
                suggestion: "write \(named) for an environment variable, $${ for the characters themselves")
        }
    }

    /// The reference inside the string, or the string where escapes hide it.
    private func place(of reference: String, in range: Range<Int>) -> Range<Int> {
        let bytes = source.bytes[range]
        let sought = Array(reference.utf8)
        for start in bytes.indices where bytes[start] == sought[0] && start + sought.count <= bytes.endIndex {
            if bytes[start..<start + sought.count].elementsEqual(sought) {
                return start..<start + sought.count
            }
        }
        return range
    }

    private func sorted(_ severity: Diagnostic.Severity) -> [Diagnostic] {
        diagnostics.filter { $0.severity == severity }
            .sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }
}
