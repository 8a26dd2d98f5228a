import Crypto

/// What a key is called: the first four bytes of SHA-256 of a label and the key, which tells nothing of it.
enum KeyIdentity {
    static let length = 4

    static func bytes(of secret: [UInt8], _ label: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(label.utf8))
        hash.update(data: secret)
        return Array(hash.finalize().prefix(length))
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
