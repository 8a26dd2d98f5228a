/// A string of the configuration after `${env:NAME}` was filled in, which still knows what the file said.
///
/// What came from the environment is taken for a secret: `description` gives the file's text, never the
/// value, so that a log line or an error message can name the setting without giving it away.
package struct ExpandedText: Sendable, Hashable {
    /// What the program uses.
    package let value: String
    /// What the file says, with the references still in it.
    package let written: String
    /// The variables that were read, in the order of the references.
    package let variables: [String]

    package init(_ literal: String) {
        self.value = literal
        self.written = literal
        self.variables = []
    }

    package init(value: String, written: String, variables: [String]) {
        self.value = value
        self.written = written
        self.variables = variables
    }

    /// Whether some part came from the environment.
    package var isSecret: Bool { !variables.isEmpty }
}

extension ExpandedText: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { isSecret ? written : value }
    package var debugDescription: String { description.debugDescription }
}

extension ExpandedText: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: ["written": written]) }
}

extension ExpandedText: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}
