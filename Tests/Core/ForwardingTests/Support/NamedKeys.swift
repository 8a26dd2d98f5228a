import Identifiers
import Sessions

/// Knows clients by keys that are their names; `stranger` has none.
struct NamedKeys: Authenticator {
    func authenticate(authorization: String?) -> Authentication {
        guard let authorization, authorization.hasPrefix("Bearer ") else { return .missing }
        let name = String(authorization.dropFirst("Bearer ".count))
        return name == "stranger" ? .invalid : .known(Principal(name))
    }
}
