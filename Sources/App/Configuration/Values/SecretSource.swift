/// Where a key comes from: `file:…`, `env:…` or `command:…`.
package enum SecretSource: Sendable, Equatable {
    /// A file, created with mode 0600 when absent.
    case file(ExpandedText)
    /// A variable of the environment.
    case environment(String)
    /// A command line whose output is the key.
    case command(ExpandedText)
}
