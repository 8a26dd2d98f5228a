#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One line of the control connection, a JSON object, as either side writes it.
///
/// | direction | line |
/// |---|---|
/// | client, first | `{"attach":{"role","name","layout","pid"}}` |
/// | gateway, first | `{"token","expires_ms","grant","generation","descriptors"}` |
/// | gateway, instead | `{"error":{"code","message"}}`, and it closes |
/// | client, later | `{"refresh":{}}`: asks for another token |
/// | gateway, later | `{"segments_changed":{"token"}}` |
struct AttachLine: Codable {
    struct Empty: Codable {}
    struct Token: Codable { var token: String }

    var attach: AttachRequest?
    var refresh: Empty?
    var error: AttachRefusal?
    var segmentsChanged: Token?

    private enum CodingKeys: String, CodingKey {
        case attach, refresh, error
        case segmentsChanged = "segments_changed"
    }

    init(
        attach: AttachRequest? = nil, refresh: Empty? = nil, error: AttachRefusal? = nil,
        segmentsChanged: Token? = nil
    ) {
        self.attach = attach
        self.refresh = refresh
        self.error = error
        self.segmentsChanged = segmentsChanged
    }

    /// Nil unless the line is JSON of this form; members that are not known are passed over.
    static func read<Value: Decodable>(_ line: [UInt8], as _: Value.Type = Self.self) -> Value? {
        try? JSONDecoder().decode(Value.self, from: Data(line))
    }

    static func text(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("lines consist of texts and integers")
        }
        return Array(data)
    }
}
