import Sessions

// What comes over standard streams and the local socket.
extension LoopGateway: LineFront {
    package func connected(_ channel: any LineChannel, path: String) -> (any LineReceiver)? {
        guard let endpoint = endpoint(path: path) else { return nil }
        return LineClient(channel, gateway: self, endpoint: endpoint, path: path)
    }
}
