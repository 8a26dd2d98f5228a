/// The schemes of the addresses of servers that the gateway can reach.
enum ServerScheme {
    static let supported = ["http://", "https://"]

    /// Why an address of another scheme is refused.
    static let refusal = "only http:// and https:// addresses are supported"
}
