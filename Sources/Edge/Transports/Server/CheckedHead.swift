import NIOHTTP1
import Sessions

/// A request head that has passed every check of the transport.
///
/// What two parsers could read differently is refused (RFC 9112, section 11.2): a repeated field that a
/// decision rests on, a length together with a coding, a coding other than `chunked`, a target that names
/// another host.
struct CheckedHead {
    var verb: HTTPRequest.Verb = .other
    var path = ""
    var query = ""
    var headers = HTTPRequest.Headers()
    /// The declared length; nil for a chunked body, 0 if there is none.
    var contentLength: Int? = 0
    var isHTTP10 = false
    var keepsAlive = true
    var expectsContinue = false

    init(_ head: HTTPRequestHead, _ rules: HostRules, _ limits: HTTPServerLimits) throws(HTTPRefusal) {
        guard head.version == .http1_1 || head.version == .http1_0 else { throw .versionNotServed }
        isHTTP10 = head.version == .http1_0
        var fields = DecisiveFields()
        for (name, value) in head.headers {
            try take(FieldName(name), name, value, &fields)
        }
        guard let host = fields.host else { throw .hostMissing }
        guard rules.allows(host: host) else { throw .hostNotAllowed }
        if let origin = fields.origin, !rules.allows(origin: origin) { throw .originNotAllowed }
        try setTarget(head.uri, host)
        try setVerb(head.method)
        try setFraming(fields, limits)
        if let expect = fields.expect, !isHTTP10 {
            guard expect.lowercased() == "100-continue" else { throw .unknownExpectation }
            expectsContinue = contentLength != 0
        }
        // After an upgrade request the decoder reads nothing more, so that the connection ends with the
        // answer.
        keepsAlive = head.isKeepAlive && !fields.hasUpgrade
    }

    /// Fields that decide whether and how the request is read, and reach nobody else.
    private struct DecisiveFields {
        var host: String?
        var origin: String?
        var expect: String?
        var contentLength: String?
        var transferEncoding: String?
        var hasUpgrade = false
    }

    private mutating func take(
        _ field: FieldName, _ name: String, _ value: String, _ fields: inout DecisiveFields
    ) throws(HTTPRefusal) {
        switch field {
        case .host:
            guard fields.host == nil else { throw .hostRepeated }
            fields.host = value.trimmed
        case .origin: try set(&fields.origin, value)
        case .expect: try set(&fields.expect, value)
        case .contentLength: try set(&fields.contentLength, value, .badFraming)
        case .transferEncoding: try set(&fields.transferEncoding, value, .badFraming)
        case .upgrade: fields.hasUpgrade = true
        case .contentType: try set(&headers.contentType, value)
        case .authorization: try set(&headers.authorization, value)
        case .lastEventID: try set(&headers.lastEventID, value)
        case .sessionID: try set(&headers.sessionID, value)
        case .protocolVersion: try set(&headers.protocolVersion, value)
        case .mcpMethod: try set(&headers.mcpMethod, value)
        case .mcpName: try set(&headers.mcpName, value)
        case .accept: headers.accept = headers.accept.map { "\($0), \(value.trimmed)" } ?? value.trimmed
        case .mcpParameter: try addParameter(name, value)
        case .connection, .other: break
        }
    }

    private func set(
        _ field: inout String?, _ value: String, _ refusal: HTTPRefusal = .fieldRepeated
    ) throws(HTTPRefusal) {
        guard field == nil else { throw refusal }
        field = value.trimmed
    }

    private mutating func addParameter(_ name: String, _ value: String) throws(HTTPRefusal) {
        let key = String(name.dropFirst(FieldName.parameterPrefixBytes))
        let lower = key.lowercased()
        guard !headers.mcpParameters.contains(where: { $0.name.lowercased() == lower }) else {
            throw .fieldRepeated
        }
        headers.mcpParameters.append((key, value.trimmed))
    }

    private mutating func setVerb(_ method: HTTPMethod) throws(HTTPRefusal) {
        switch method {
        case .POST: verb = .post
        case .GET: verb = .get
        case .DELETE: verb = .delete
        case .OPTIONS: verb = .options
        case .HEAD: verb = .head
        case .TRACE, .CONNECT: throw .methodNotServed
        default: verb = .other
        }
    }

    /// Takes the origin form, and the absolute form if it names the same host (RFC 9112, section 3.2).
    private mutating func setTarget(_ uri: String, _ host: String) throws(HTTPRefusal) {
        guard uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .badTarget
        }
        var target = Substring(uri)
        if target.utf8.first != UInt8(ascii: "/") {
            guard target.prefix(7).lowercased() == "http://" else { throw .badTarget }
            target = target.dropFirst(7)
            let authority = target.prefix { $0 != "/" && $0 != "?" }
            guard authority.lowercased() == host.lowercased() else { throw .badTarget }
            target = target.dropFirst(authority.count)
            if target.first != "/" { target = "/" + target }
        }
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            path = String(target)
            return
        }
        path = String(target[..<mark])
        query = String(target[target.utf8.index(after: mark)...])
    }

    private mutating func setFraming(
        _ fields: DecisiveFields, _ limits: HTTPServerLimits
    ) throws(HTTPRefusal) {
        if let coding = fields.transferEncoding {
            guard !isHTTP10, fields.contentLength == nil else { throw .badFraming }
            guard coding.lowercased() == "chunked" else { throw .unknownCoding }
            contentLength = nil
        } else if let text = fields.contentLength {
            guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), !text.isEmpty else { throw .badFraming }
            // A number too long for Int is above every limit.
            guard let length = Int(text), length <= limits.maxBodyBytes else { throw .bodyTooLarge }
            contentLength = length
        }
    }
}

extension String {
    /// The text without spaces and tabs at its ends; itself if there are none.
    fileprivate var trimmed: String {
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
        guard isBlank(utf8.first) || isBlank(utf8.last) else { return self }
        var text = Substring(self)
        while isBlank(text.utf8.first) { text = text.dropFirst() }
        while isBlank(text.utf8.last) { text = text.dropLast() }
        return String(text)
    }
}
