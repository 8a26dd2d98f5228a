import Foundation
import Identifiers
import Schemas

/// A tool call of the journal as it is exported: the members of the evaluation data that `attune evaluate`
/// reads, then what only a gateway knows.
public struct Observation: Sendable, Equatable {
    /// What is told of arguments or of a result: the text as far as it was kept, the digest if there is one.
    public struct Content: Sendable, Equatable {
        /// JSON. Bytes that are no UTF-8, as where a text was cut, are U+FFFD.
        public var text: String?
        /// The first eight hexadecimal digits of the SHA-256.
        public var digest: String?
        public var bytes: UInt64
    }

    static let dataset = "attune"
    private static let shownDigestBytes = 4

    public var session: String
    /// How many of the session's calls began before, among those that were exported.
    public var step: Int
    public var server: String
    public var tool: String
    public var arguments: Content
    public var result: Content
    public var isError: Bool
    /// When it began, since 1970.
    public var microseconds: UInt64
    public var callID: String
    public var principal: String
    public var outcome: String
    public var errorCode: Int32
    public var durationMicroseconds: UInt32
    public var upstreamMicroseconds: UInt32
    public var queueMicroseconds: UInt32
    public var adviceVersion: UInt64

    init(_ message: MCPMessage, step: Int) {
        let call = message.call
        session = call.session
        self.step = step
        server = call.server
        tool = call.tool
        let text = MCPMessage.arguments(Array(message.payload)).map { String(decoding: $0, as: UTF8.self) }
        arguments = Content(call.arguments, text)
        let result = call.resultPayload
        self.result = Content(call.result, result.isEmpty ? nil : String(decoding: result, as: UTF8.self))
        isError = call.outcome != .ok
        microseconds = message.timestamp
        callID = CallID(call.callID).text
        principal = call.principal
        outcome = call.outcome.label
        errorCode = call.errorCode
        durationMicroseconds = call.durationUs
        upstreamMicroseconds = call.upstreamUs
        queueMicroseconds = call.queueUs
        adviceVersion = call.adviceVersion
    }

    fileprivate static func shown(_ digest: Data) -> String? {
        guard !digest.isEmpty else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.prefix(shownDigestBytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Observation.Content {
    init(_ content: CallContent, _ text: String?) {
        self.text = text
        digest = Observation.shown(content.digest)
        bytes = content.size
    }
}
