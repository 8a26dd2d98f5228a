/// What the gateway tells a client that is attached.
package enum AttachNotice: Sendable, Equatable {
    /// A segment came or went: `{"segments_changed":{"token":…}}`. All are to be fetched anew with the token.
    case segmentsChanged(token: String)
}
