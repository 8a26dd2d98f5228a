/// A way in which clients refer to variables inside strings.
enum ReferenceForm: Hashable, Sendable {
    /// `${env:NAME}`.
    case prefixed
    /// `${NAME}` and `${NAME:-default}`.
    case braces
    /// `$NAME`.
    case bare
    /// `${input:ID}`: VS Code asks the person.
    case input
    /// `${workspaceFolder}`, `${workspaceFolderBasename}`, `${userHome}`, `${pathSeparator}` and `${/}`.
    case folders
}
