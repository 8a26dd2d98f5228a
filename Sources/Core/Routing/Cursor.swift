/// The place in a merged list at which the next page begins; opaque to clients.
///
/// Text: base64url without padding of 18 bytes, big-endian: generation of the catalog (8), hash of the view's
/// name (4), kind of list (1), version 1 (1), offset of the next item (4).
struct Cursor: Hashable {
    var generation: UInt64
    var view: UInt32
    var kind: ListKind
    var offset: UInt32

    private static let version: UInt8 = 1
    private static let textBytes = 24
    private static let alphabet = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    init(generation: UInt64, view: UInt32, kind: ListKind, offset: UInt32) {
        self.generation = generation
        self.view = view
        self.kind = kind
        self.offset = offset
    }

    var text: String {
        var bytes = bigEndian(generation, 8) + bigEndian(UInt64(view), 4)
        bytes += [kind.rawValue, Self.version] + bigEndian(UInt64(offset), 4)
        var text: [UInt8] = []
        for first in stride(from: 0, to: bytes.count, by: 3) {
            let word = number(bytes[first..<first + 3])
            for shift in [18, 12, 6, 0] { text.append(Self.alphabet[Int(word >> UInt64(shift) & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// - Returns: nil for anything that `text` never gave.
    init?(text: String) {
        guard text.utf8.count == Self.textBytes else { return nil }
        var bytes: [UInt8] = []
        var word: UInt64 = 0
        for (position, character) in text.utf8.enumerated() {
            guard let digit = Self.alphabet.firstIndex(of: character) else { return nil }
            word = word << 6 | UInt64(digit)
            if position % 4 == 3 {
                bytes += bigEndian(word, 3)
                word = 0
            }
        }
        guard bytes[13] == Self.version, let kind = ListKind(rawValue: bytes[12]) else { return nil }
        self.init(
            generation: number(bytes[0..<8]), view: UInt32(number(bytes[8..<12])), kind: kind,
            offset: UInt32(number(bytes[14..<18])))
    }
}

private func bigEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
