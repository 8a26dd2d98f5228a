/// How a server's message breaks the protocol.
package enum ProtocolViolation: Error, Hashable, Sendable {
    /// The bytes are no JSON-RPC message.
    case notAMessage
    /// A message came where an answer was due.
    case notAnAnswer
    case resultIsNoObject
    /// `resultType` is neither the protocol's nor a declared extension's.
    case unknownResultType
    /// `input_required` came where the method does not allow it.
    case unexpectedInputRequest
    /// `input_required` came without anything to answer or with members of wrong types.
    case malformedInputRequest
    /// The server asked for input over and over.
    case tooManyInputRounds(limit: Int)
    case errorWithoutCode
    /// The HTTP answer has this status and no JSON-RPC message.
    case httpStatus(Int)
    /// The HTTP answer ended without the answer to the request.
    case noAnswer

    package var text: String {
        switch self {
        case .notAMessage: "it sent something that is no JSON-RPC message"
        case .notAnAnswer: "it sent another message in place of an answer"
        case .resultIsNoObject: "its result is no object"
        case .unknownResultType: "its result has an unknown resultType"
        case .unexpectedInputRequest: "it asked for input where the method allows none"
        case .malformedInputRequest: "its request for input is malformed"
        case .tooManyInputRounds(let limit): "it asked for input more than \(limit) times"
        case .errorWithoutCode: "its error has no code"
        case .httpStatus(let status): "it answered HTTP \(status) without a JSON-RPC message"
        case .noAnswer: "its answer ended without a result"
        }
    }
}
