/// What `attune import` is asked to read.
package enum ImportSource: Sendable, Equatable {
    /// Every client that has a configuration on this machine.
    case everything
    case client(ImportClient)
    /// A given file; its format is found from its content.
    case file(String)
}
