/// The schemes of the addresses of servers that this build can reach.
///
/// Until connections to servers can be encrypted, `https` is refused where it is written rather than at the
/// start.
enum ServerScheme {
    static let supported = ["http://"]

    /// Why an address of another scheme is refused.
    static func refusal(of url: String) -> String {
        url.lowercased().hasPrefix("https://")
            ? "https is not supported yet: this build does not encrypt connections to servers"
            : "only http:// addresses are supported"
    }
}
