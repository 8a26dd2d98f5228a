import Transports

extension HTTPEndpoint.Problem {
    /// What is wrong with the address, without its headers' values.
    var text: String {
        switch self {
        case .notAURL: "it is no URL"
        case .schemeNotSupported(let scheme): "the scheme \(scheme) is not supported, only http and https"
        case .hostMissing: "it names no host"
        case .badPort: "its port is no number from 1 to 65535"
        case .badPath: "its path has characters that must be percent-encoded"
        case .badHeader(let name): "the header \(name) is not valid, or is set by the gateway itself"
        }
    }
}
