/// What becomes of `${file:PATH}` and `${command:LINE}` in a string of the configuration.
package enum SecretReferences: Sendable {
    /// They have no place there.
    case refused
    /// They stay as they are written: the configuration is only looked at.
    case kept
    /// They are read: the configuration is put to use.
    case read
}
