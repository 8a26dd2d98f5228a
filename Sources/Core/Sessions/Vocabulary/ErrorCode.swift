/// The numbers of JSON-RPC errors that the gateway writes or recognises.
package enum ErrorCode {
    package static let parseError = -32700
    package static let invalidRequest = -32600
    package static let methodNotFound = -32601
    package static let invalidParams = -32602
    package static let internalError = -32603

    /// Legacy only; the modern era says `invalidParams`.
    package static let resourceNotFound = -32002
    /// 2025-11-25 only.
    package static let urlElicitationRequired = -32042

    package static let headerMismatch = -32020
    package static let missingClientCapability = -32021
    package static let unsupportedProtocolVersion = -32022

    package static let upstreamTimeout = 1001
    package static let upstreamUnavailable = 1002
    package static let circuitOpen = 1003
    package static let overloaded = 1004
    package static let messageTooLarge = 1005
    package static let upstreamProtocolError = 1006
    package static let draining = 1007
}
