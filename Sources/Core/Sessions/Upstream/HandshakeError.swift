import Wire

/// A JSON-RPC error that a server answered a handshake's request with.
struct HandshakeError {
    let code: Int
    let message: String
    /// The revisions named in `data.supported`.
    let supported: [String]
    /// Whether only a server of the modern era writes such an error.
    let isModern: Bool

    init(_ bytes: [UInt8], _ frame: Frame) {
        let error = JSONView(bytes, frame.error)
        code = frame.errorCode ?? 0
        message = HandshakeText.shortened(error["message"]?.string ?? "")
        let data = error["data"]
        let named = data?["supported"]
        supported = named.map { HandshakeText.versions($0) } ?? []
        isModern =
            switch code {
            case ErrorCode.unsupportedProtocolVersion: named?.kind == .array
            case ErrorCode.missingClientCapability: data?["requiredCapabilities"]?.kind == .object
            case ErrorCode.headerMismatch: true
            default: false
            }
    }

    func failure(_ step: HandshakeFailure.Step) -> HandshakeFailure {
        .refused(step, code: code, message: message)
    }
}
