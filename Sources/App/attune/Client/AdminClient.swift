import Configuration
import Wire

/// Asks a running gateway's admin interface.
struct AdminClient {
    let address: GatewayAddress

    init(_ configuration: GatewayConfiguration) throws(CommandFailure) {
        address = try .admin(configuration)
    }

    /// Has the gateway do something, which may take as long as the gateway lets it.
    func post(
        _ path: String, body: [UInt8], timeout: Duration = .seconds(3600)
    ) async throws(CommandFailure) -> JSONView {
        let answer = try await GatewayClient.post(
            address, path, body: body, headers: [("Content-Type", "application/json")],
            timeout: timeout)
        guard let value = try? JSONView(validating: answer.body, limits: Self.limits), answer.status == 200
        else {
            throw .unexpectedAnswer(
                address: address.base + path, status: answer.status, message: answer.message)
        }
        return value
    }

    /// The JSON at a path.
    func value(_ path: String) async throws(CommandFailure) -> JSONView {
        let answer = try await GatewayClient.get(address, path)
        guard let value = try? JSONView(validating: answer.body, limits: Self.limits), answer.status == 200
        else {
            throw .unexpectedAnswer(
                address: address.base + path, status: answer.status, message: answer.message)
        }
        return value
    }

    /// The rows of a list, from all its pages.
    ///
    /// - Parameter limit: the most rows; nil for all.
    func rows(
        _ path: String, _ query: [(name: String, value: String)] = [], limit: Int? = nil
    ) async throws(CommandFailure) -> [JSONView] {
        var rows: [JSONView] = []
        var cursor: String?
        for _ in 0..<Self.mostPages {
            var items = query + [("limit", String(min(limit ?? Self.pageRows, Self.pageRows)))]
            if let cursor { items.append(("cursor", cursor)) }
            let page = try await value(path + "?" + Self.encoded(items))
            rows += page["items"].map { Array($0.elements) } ?? []
            if let limit, rows.count >= limit { return Array(rows.prefix(limit)) }
            cursor = page["next"]?.string
            if cursor == nil { break }
        }
        return rows
    }

    private static let pageRows = 1000
    /// More pages than any list of the gateway has.
    private static let mostPages = 1000
    static let limits = ScanLimits(maxBytes: 64 << 20)

    /// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
    static func encoded(_ items: [(name: String, value: String)]) -> String {
        items.map { "\($0.name)=\(encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.append(Character(Unicode.Scalar(byte)))
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
