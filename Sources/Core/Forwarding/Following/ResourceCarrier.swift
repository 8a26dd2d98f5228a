/// Keeps a server subscribed to resources, in the server's era. Confined to the hub's home loop.
///
/// It tells its feed what became of each URI, and when all subscriptions were lost and are being made anew.
protocol ResourceCarrier: AnyObject {
    /// - Parameter raw: the URI as JSON.
    func want(_ uri: String, raw: [UInt8])
    func forgo(_ uri: String)
    /// The server is reached again: what waits for another attempt is tried at once.
    func wake()
    func stop()
}
