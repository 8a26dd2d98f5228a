/// The name of a model, a part of one, a kind of models, a branch or a tag: 1 to 128 letters of A-Z, a-z,
/// 0-9 and . _ - /.
///
/// None begins with - or ., holds two dots or slashes together, ends with a slash, is `HEAD`, or could be
/// taken for an id. Only those of branches and tags have slashes.
public struct ModelName: Hashable, Comparable, Sendable {
    public let text: String

    public init?(_ text: String) {
        let isWritten = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x5F: true
            default: false
            }
        }
        guard isWritten, (1...ModelLimits.nameBytes).contains(text.utf8.count), text != "HEAD",
            !text.hasPrefix("-"), !text.hasPrefix("."), !text.hasPrefix("/"), !text.hasSuffix("/"),
            !text.contains(".."), !text.contains("//"), ObjectID(hex: text) == nil
        else { return nil }
        self.text = text
    }

    /// Whether it can name a model, a part or a kind, which stand in paths and addresses.
    public var isFlat: Bool { !text.utf8.contains(UInt8(ascii: "/")) }

    public static func < (left: ModelName, right: ModelName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension ModelName: CustomStringConvertible {
    public var description: String { text }
}
