/// Stands in for swift-crypto's Ed25519 in the fuzzer: the public key is the private one, and a signature is
/// two hashes over it and the message. It takes what was signed and nothing else, which is all that readers
/// rely on.
public enum Curve25519 {
    public enum Signing {
        public struct WrongLength: Error {}

        public struct PublicKey: Sendable {
            public let rawRepresentation: [UInt8]

            public init(rawRepresentation: [UInt8]) throws {
                guard rawRepresentation.count == 32 else { throw WrongLength() }
                self.rawRepresentation = rawRepresentation
            }

            public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
                signature == Signing.signature(rawRepresentation, message)
            }
        }

        public struct PrivateKey: Sendable {
            public let publicKey: PublicKey

            public init(rawRepresentation: [UInt8]) throws {
                publicKey = try PublicKey(rawRepresentation: rawRepresentation)
            }

            public func signature(for message: [UInt8]) throws -> [UInt8] {
                Signing.signature(publicKey.rawRepresentation, message)
            }
        }

        static func signature(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
            Array(SHA256.hash(data: key + message)) + Array(SHA256.hash(data: message + key))
        }
    }
}
