/// Finds secrets in plain text. A guess by name; it never repeats the value.
enum SecretNotices {
    static func find(in entry: ClientEntry, _ member: JSONCMember, _ source: SourceText) -> [Diagnostic] {
        let (pairs, block) =
            switch entry.transport {
            case .command(_, _, let environment, _): (environment, "env")
            case .url(_, let headers): (headers, "headers")
            case .unsupported: ([ClientEntry.Pair](), "")
            }
        return pairs.filter { isSecret($0) }.map { pair in
            let place = member.value[block]?.members?.last { $0.key == pair.key }?.keyRange ?? member.keyRange
            let variable = block == "env" ? pair.key : "NAME"
            var notice = source.diagnostic(
                .warning, at: place,
                "\"\(member.key)\": \(block) \"\(pair.key)\" looks like a secret in plain text; it is kept",
                suggestion: "write \"${env:\(variable)}\" in Attune's configuration and set the variable")
            notice.sourceLine = nil
            return notice
        }
    }

    private static func isSecret(_ pair: ClientEntry.Pair) -> Bool {
        guard pair.value.count >= 6, !pair.value.contains("${env:") else { return false }
        let name = pair.key.lowercased()
        return words.contains { name.contains($0) }
    }

    private static let words = [
        "token", "secret", "password", "passwd", "apikey", "api_key", "api-key", "access_key", "private_key",
        "credential", "authorization", "auth_key", "bearer", "cookie",
    ]
}
