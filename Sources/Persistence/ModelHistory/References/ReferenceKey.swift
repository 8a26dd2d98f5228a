import Storage

/// Where references are: the model's name, a zero, a letter for the kind, and the name.
struct ReferenceKey {
    static let family = Family("model-refs")

    let model: ModelName
    let reference: Reference

    init(_ model: ModelName, _ reference: Reference) {
        self.model = model
        self.reference = reference
    }

    /// None for bytes that aren't a key.
    init?(_ bytes: [UInt8]) {
        guard let zero = bytes.firstIndex(of: 0), zero + 1 < bytes.count,
            let model = ModelName(String(decoding: bytes[..<zero], as: UTF8.self)), model.isFlat
        else { return nil }
        let rest = String(decoding: bytes[(zero + 2)...], as: UTF8.self)
        switch bytes[zero + 1] {
        case UInt8(ascii: "H") where rest.isEmpty: reference = .head
        case UInt8(ascii: "b"):
            guard let name = ModelName(rest) else { return nil }
            reference = .branch(name)
        case UInt8(ascii: "t"):
            guard let name = ModelName(rest) else { return nil }
            reference = .tag(name)
        default: return nil
        }
        self.model = model
    }

    var bytes: [UInt8] {
        switch reference {
        case .head: Self.prefix(model, "H")
        case .branch(let name): Self.prefix(model, "b") + Array(name.text.utf8)
        case .tag(let name): Self.prefix(model, "t") + Array(name.text.utf8)
        }
    }

    /// All references of a model.
    static func range(_ model: ModelName) -> KeyRange { KeyRange(prefix: Array(model.text.utf8) + [0]) }

    /// All references of models after this one.
    static func range(after model: ModelName) -> KeyRange {
        KeyRange(from: Array(model.text.utf8) + [1], upTo: nil)
    }

    private static func prefix(_ model: ModelName, _ letter: Unicode.Scalar) -> [UInt8] {
        Array(model.text.utf8) + [0, UInt8(ascii: letter)]
    }
}
