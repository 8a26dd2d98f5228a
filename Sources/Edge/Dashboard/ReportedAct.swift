import Wire

/// What a command says that an operator did with it, for the audit log.
package struct ReportedAct: Equatable, Sendable {
    private static let mostNameBytes = 64
    package static let mostDetails = 16
    package static let mostDetailBytes = 1024

    /// What became of it.
    package enum Receipt: Sendable {
        case noted
        /// Too much waits to be written.
        case crowded
        /// No log is kept.
        case notKept
    }

    /// Such as "model rollback".
    package let action: String
    /// "applied" or "failed".
    package let outcome: String
    package let details: [String]

    /// Nil for a body that is not
    /// `{"action": TEXT, "outcome": "applied" or "failed", "details": [TEXT, …]}`.
    init?(_ body: [UInt8]) {
        guard let view = try? JSONView(validating: body), let action = view["action"]?.string,
            let outcome = view["outcome"]?.string, let given = view["details"],
            ["applied", "failed"].contains(outcome), Self.isName(action)
        else { return nil }
        let details = given.elements.prefix(Self.mostDetails + 1).map(\.string)
        guard details.count <= Self.mostDetails,
            details.allSatisfy({ ($0?.utf8.count ?? .max) <= Self.mostDetailBytes })
        else { return nil }
        self.action = action
        self.outcome = outcome
        self.details = details.compactMap { $0 }
    }

    private static func isName(_ text: String) -> Bool {
        (1...mostNameBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x20 }
    }
}
