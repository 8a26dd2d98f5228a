/// Where the parts of one JSON-RPC message are in its bytes.
///
/// A plain value: making, copying and dropping one allocates nothing. Ranges are `ByteRange.none` where the
/// message has no such member. "Raw" ranges cover the whole JSON value, quotes included, of whatever type it
/// is.
public struct Frame: Sendable {
    /// What a message is by JSON-RPC 2.0 sections 4 to 6.
    public enum Kind: UInt8, Sendable {
        case request, notification, result, error
        /// The top level is an array.
        case batch
        /// Valid JSON that is no JSON-RPC 2.0 message.
        case invalid
    }

    public enum IDKind: UInt8, Sendable {
        case absent, integer, string, null
        /// A fraction, a number with an exponent, a boolean or a container.
        case invalid
    }

    public var kind: Kind = .invalid
    public var idKind: IDKind = .absent
    /// Raw.
    public var id: ByteRange = .none
    /// The contents of the method string, without quotes.
    public var method: ByteRange = .none
    /// True when the method must be unescaped before it is compared.
    public var methodHasEscapes = false
    /// Raw.
    public var params: ByteRange = .none
    /// Raw.
    public var result: ByteRange = .none
    /// Raw.
    public var error: ByteRange = .none

    /// `params.name`, raw.
    public var paramsName: ByteRange = .none
    /// `params.uri`, raw.
    public var paramsURI: ByteRange = .none
    /// `params.arguments`, raw.
    public var paramsArguments: ByteRange = .none
    /// `params.task`, raw.
    public var paramsTask: ByteRange = .none
    /// `params._meta`, raw.
    public var paramsMeta: ByteRange = .none
    /// `params.cursor`, raw.
    public var paramsCursor: ByteRange = .none
    /// `params._meta.progressToken`, raw.
    public var progressToken: ByteRange = .none
    /// `params._meta.traceparent`, raw.
    public var traceparent: ByteRange = .none
    /// `params._meta["io.modelcontextprotocol/protocolVersion"]`, raw.
    public var metaProtocolVersion: ByteRange = .none

    /// True when `result.isError` is `true`.
    public var resultIsError = false
    /// `result.resultType`, raw.
    public var resultType: ByteRange = .none
    /// `error.code`, when it is an integer of 64 bits.
    public var errorCode: Int?

    /// The top-level value, without the white space around it.
    public var root: ByteRange = .none

    public init() {}
}
