import Wire

/// Judges whether bytes are one JSON object.
enum JSONObjectText {
    static let mostBytes = 65_536

    static func isValid(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= mostBytes,
            let view = try? JSONView(validating: bytes, limits: ScanLimits(maxBytes: mostBytes))
        else { return false }
        return view.kind == .object
    }
}
