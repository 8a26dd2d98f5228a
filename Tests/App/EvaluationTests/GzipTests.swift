import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("Gzip files") struct GzipTests {
    private struct Archive {
        var kind: String
        var base64: String
        var content: String
    }

    private static let lines = (0..<60).map { "{\"tool\":\"t\($0 % 7)\",\"n\":\($0 * $0 % 97)}\n" }.joined()

    /// Archives that zlib made of `lines`, of their first 90 bytes, and of two members, one with a name.
    private static let archives: [Archive] = [
        Archive(
            kind: "stored blocks",
            base64: "H4sIAAAAAAAAAwFaAKX/eyJ0b29sIjoidDAiLCJuIjowfQp7InRvb2wiOiJ0MSIsIm4iOjF9CnsidG9v"
                + "bCI6InQyIiwibiI6NH0KeyJ0b29sIjoidDMiLCJuIjo5fQp7InRvb2wiOiJ0AqtVAloAAAA=",
            content: String(lines.prefix(90))),
        Archive(
            kind: "fixed codes",
            base64: "H4sIAAAAAAAAA6tWKsnPz1GyUioxUNJRylOyMqjlqoaLGULEDJHFjCBiJshixhAxS2QxAAKrVQJaAAAA",
            content: String(lines.prefix(90))),
        Archive(
            kind: "dynamic codes",
            base64: "H4sIAAAAAAAAA33TOwrDMBCE4T7HUJ1C+9Bq5TOFuHFncvcUMkGGn7SDjT92xmc59v1VtnLU8izvstXP"
                + "4/xlMjNZM52Zr5nNbKyZX+/GGrYZalvDmKHdnrw4PsATDqAUEBmI1EHkHURdQaQAMrpQKJ2ogcgMRL2C"
                + "SEjUDEgjqDRsTYDkRBoOpFaBlNRaA5F2EGWCqFFtqiDKAaIQ6o1IQkPKAFLQtj1p29Sb4JVANIxEtKQ+"
                + "aEn0t3UDUacldTrS/UP/SIOWFLTtBJHR73Y/sVIZS21fszTaZ+MEAAA=",
            content: lines),
        Archive(
            kind: "two members",
            base64: "H4sICAAAAAAAA3gAq1ZKVLIyrOUCAEaj6HQIAAAAH4sIAAAAAAAAA6tWSlSyMqrlAgAfHa52CAAAAA==",
            content: "{\"a\":1}\n{\"a\":2}\n"),
    ]

    private static func bytes(_ archive: Archive) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: archive.base64)))
    }

    @Test("What zlib wrote is read: stored, fixed and dynamic blocks, and several members")
    func reading() throws {
        for archive in Self.archives {
            let bytes = try Self.bytes(archive)
            #expect(Gzip.isGzip(bytes), "\(archive.kind)")
            #expect(Gzip.content(of: bytes) == Array(archive.content.utf8), "\(archive.kind)")
        }
    }

    @Test("An archive that is cut anywhere is refused, but between two members") func cut() throws {
        for archive in Self.archives {
            let bytes = try Self.bytes(archive)
            for length in 1..<bytes.count {
                guard let read = Gzip.content(of: Array(bytes.prefix(length))) else { continue }
                #expect(archive.kind == "two members", "\(archive.kind), \(length)")
                #expect(archive.content.utf8.starts(with: read))
            }
        }
    }

    @Test(
        "Damaged archives never stop the program and never give other content",
        arguments: 0..<40 as Range<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for archive in Self.archives {
            let whole = try Self.bytes(archive)
            for _ in 0..<25 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.bytes(1)[0]
                }
                let read = Gzip.content(of: bytes)
                #expect(read == nil || read == Array(archive.content.utf8), "\(archive.kind), seed \(seed)")
            }
        }
    }
}
