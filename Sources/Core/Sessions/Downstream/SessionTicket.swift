import Identifiers
import Wire

/// What a sealed `Mcp-Session-Id` says: enough to go on with a legacy session on a gateway that never heard
/// of it.
///
/// The principal and the path are not in it; they are the context under which it is sealed.
package struct SessionTicket: Hashable, Sendable {
    /// The gateway run that opened the session, a random number.
    package var instance: UInt32
    /// The session, a random number.
    package var number: UInt64
    /// When the session was opened, in seconds since 1970.
    package var openedSeconds: UInt32
    package var version: ProtocolVersion
    /// The client's own raw JSON objects, or a short form of them where they are long.
    package var clientInfo: [UInt8]
    package var capabilities: [UInt8]

    /// How long after the session was opened another gateway still goes on with it.
    package static let lifetimeSeconds: UInt32 = 24 * 60 * 60
    /// By how much the clocks of two gateways may differ.
    package static let maxSkewSeconds: UInt32 = 5 * 60
    /// The longest encoding; a client that says more of itself is kept in a short form.
    package static let maxBytes = 512
    private static let format: UInt8 = 1
    private static let versionLength = 10
    private static let fixedBytes = 1 + 4 + 8 + 4 + versionLength + 2

    package init(request: InitializeRequest, instance: UInt32, number: UInt64, openedSeconds: UInt32) {
        self.instance = instance
        self.number = number
        self.openedSeconds = openedSeconds
        version = request.negotiated
        clientInfo = request.clientInfo
        capabilities = request.capabilities
        guard Self.fixedBytes + clientInfo.count + capabilities.count > Self.maxBytes else { return }
        clientInfo = Self.shortInfo(clientInfo)
        capabilities = Self.shortCapabilities(capabilities)
    }

    // MARK: Bytes

    /// The encoding: the format (1), instance (4), number (8), opening (4), all big-endian, the revision's
    /// text (10), the length of `clientInfo` (2), `clientInfo`, and `capabilities` to the end.
    package var bytes: [UInt8] {
        [Self.format] + Self.bigEndian(UInt64(instance), count: 4) + Self.bigEndian(number, count: 8)
            + Self.bigEndian(UInt64(openedSeconds), count: 4) + Array(version.text.utf8)
            + Self.bigEndian(UInt64(clientInfo.count), count: 2) + clientInfo + capabilities
    }

    private static func bigEndian(_ value: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }

    /// - Returns: nil unless `bytes` is an encoding of a legacy session.
    package init?(bytes: [UInt8]) {
        guard bytes.count >= Self.fixedBytes, bytes.count <= Self.maxBytes, bytes[0] == Self.format else {
            return nil
        }
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        instance = UInt32(truncatingIfNeeded: number(1..<5))
        self.number = number(5..<13)
        openedSeconds = UInt32(truncatingIfNeeded: number(13..<17))
        let text = String(decoding: bytes[17..<17 + Self.versionLength], as: UTF8.self)
        let infoEnd = Self.fixedBytes + Int(number(Self.fixedBytes - 2..<Self.fixedBytes))
        guard let version = ProtocolVersion(text), version.era == .legacy, infoEnd <= bytes.count else {
            return nil
        }
        self.version = version
        clientInfo = Array(bytes[Self.fixedBytes..<infoEnd])
        capabilities = Array(bytes[infoEnd...])
        guard Self.isObject(clientInfo), Self.isObject(capabilities) else { return nil }
    }

    private static func isObject(_ bytes: [UInt8]) -> Bool {
        bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}")
    }

    /// What the session agreed on when it was opened.
    package var request: InitializeRequest {
        InitializeRequest(
            requestedVersion: version.text, capabilities: capabilities, clientInfo: clientInfo)
    }

    /// Whether the session may still be taken over.
    package func isCurrent(nowSeconds: UInt64) -> Bool {
        let opened = UInt64(openedSeconds)
        return nowSeconds < opened + UInt64(Self.lifetimeSeconds)
            && opened <= nowSeconds + UInt64(Self.maxSkewSeconds)
    }

    /// What the ticket is sealed for.
    package static func context(principal: Principal, path: String) -> [UInt8] {
        Array("session\n\(path)\n\(principal.name)".utf8)
    }

    // MARK: Short forms

    /// The most bytes of a client's name, and of its version, that a short form keeps.
    private static let maxNameBytes = 64

    private static func view(_ object: [UInt8]) -> JSONView {
        JSONView(object, ByteRange(start: 0, end: UInt32(clamping: object.count)))
    }

    private static func shortInfo(_ info: [UInt8]) -> [UInt8] {
        let names: [StaticString] = ["name", "version"]
        var writer = JSONWriter(capacity: 160)
        writer.beginObject()
        for name in names {
            let text = view(info)[name]?.string ?? ""
            writer.key(name)
            writer.value(text.isEmpty || text.utf8.count > maxNameBytes ? "unknown" : text)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The capabilities that the protocol knows, without what stands in them.
    private static func shortCapabilities(_ capabilities: [UInt8]) -> [UInt8] {
        let known: [(name: StaticString, parts: [StaticString])] = [
            ("roots", ["listChanged"]), ("sampling", ["tools", "context"]), ("elicitation", ["form", "url"]),
        ]
        var writer = JSONWriter(capacity: 160)
        writer.beginObject()
        for (name, parts) in known {
            guard let capability = view(capabilities)[name], capability.kind == .object else { continue }
            writer.key(name)
            writer.beginObject()
            for part in parts {
                guard let value = capability[part] else { continue }
                writer.key(part)
                writer.raw(value.kind == .object ? RPCResult.empty : Array("\(value.bool ?? false)".utf8))
            }
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }
}
