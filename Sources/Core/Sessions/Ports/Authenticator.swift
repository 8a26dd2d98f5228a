import Identifiers

/// Says who a client is by the credential that it shows. Used from any thread; one that is asked twice with
/// the same credential answers the same.
///
/// Static keys are one way to know; the access tokens of an authorization server will be another.
package protocol Authenticator: Sendable {
    /// - Parameter authorization: the value of the header field `Authorization`; nil if there is none.
    func authenticate(authorization: String?) -> Authentication
}

/// What became of a credential.
package enum Authentication: Hashable, Sendable {
    case known(Principal)
    /// There is none of the kind that is asked for.
    case missing
    case invalid
}
