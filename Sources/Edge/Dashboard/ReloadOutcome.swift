/// What came of loading the configuration anew.
package enum ReloadOutcome: Sendable, Equatable {
    /// - Parameter changes: one line for each thing that changed; empty if nothing did.
    /// - Parameter notes: one line for each change that needs a restart, and each warning.
    case applied(changes: [String], notes: [String])
    /// The file is not usable; everything goes on as before.
    case refused(problems: [String])
    /// Another reload is under way.
    case busy
}
