import Wire

/// A revision of the Model Context Protocol that the gateway speaks, oldest first.
package enum ProtocolVersion: UInt8, CaseIterable, Comparable, Hashable, Sendable {
    case november2024
    case march2025
    case june2025
    case november2025
    case july2026

    package static let latestLegacy = ProtocolVersion.november2025
    package static let latestModern = ProtocolVersion.july2026
    /// What a legacy HTTP request without `MCP-Protocol-Version` is taken to speak.
    package static let assumedWithoutHeader = ProtocolVersion.march2025

    /// The texts of all revisions, newest first, as a peer is told them.
    package static let allText: [String] = allCases.reversed().map(\.text)

    package var text: String {
        switch self {
        case .november2024: "2024-11-05"
        case .march2025: "2025-03-26"
        case .june2025: "2025-06-18"
        case .november2025: "2025-11-25"
        case .july2026: "2026-07-28"
        }
    }

    package var era: Era { self == .july2026 ? .modern : .legacy }

    /// Whether one HTTP body or line may hold an array of messages.
    package var allowsBatches: Bool { self == .march2025 }

    /// Whether requests after the handshake name the revision in `MCP-Protocol-Version`.
    package var sendsVersionHeader: Bool { self >= .june2025 }

    package init?(_ text: String) {
        switch text {
        case "2024-11-05": self = .november2024
        case "2025-03-26": self = .march2025
        case "2025-06-18": self = .june2025
        case "2025-11-25": self = .november2025
        case "2026-07-28": self = .july2026
        default: return nil
        }
    }

    /// Reads a raw JSON value; nil unless it is a string that names a known revision.
    package init?(_ value: JSONView) {
        guard value.range.count <= Self.longestRawBytes, let text = value.string else { return nil }
        self.init(text)
    }

    /// Ten characters, each written as `\u00XX` at worst, and two quotes.
    private static let longestRawBytes = 62

    /// The revision a legacy server answers when a client's `initialize` asks for `requested`: the same when
    /// it is a known legacy revision, else the latest legacy one.
    package static func negotiated(requested: String) -> ProtocolVersion {
        guard let version = ProtocolVersion(requested), version.era == .legacy else { return latestLegacy }
        return version
    }

    /// Whether `text` has the shape of a revision's date and is later than every legacy revision, so that its
    /// sender speaks the stateless way even if the gateway does not know the revision.
    package static func isLaterThanLegacy(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 else { return false }
        for (index, byte) in bytes.enumerated() {
            let fits = index == 4 || index == 7 ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte)
            guard fits else { return false }
        }
        return latestLegacy.text < text
    }

    package static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool {
        left.rawValue < right.rawValue
    }
}
