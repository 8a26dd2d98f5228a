import TestSupport
import Testing

@testable import Identity

@Suite("One-time tokens") struct OneTimeTokensTests {
    private var tokens = OneTimeTokens<Int>(lifetime: .seconds(5), capacity: 6, perSubject: 2)
    private var random = SystemRandomNumberGenerator()

    private mutating func issue(_ subject: Int, at seconds: Int) throws -> [UInt8] {
        Array(try #require(tokens.issue(for: subject, at: .seconds(seconds), using: &random)).utf8)
    }

    @Test("A token is 64 hexadecimal digits, and good for one use") mutating func isUsedOnce() throws {
        let token = try issue(1, at: 0)
        #expect(token.count == 64)
        #expect(token.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        #expect(tokens.redeem(token, at: .seconds(1)) == 1)
        #expect(tokens.redeem(token, at: .seconds(1)) == nil)
    }

    @Test("A token is good until just before its lifetime has passed") mutating func expires() throws {
        let first = try issue(1, at: 0)
        let second = try issue(1, at: 0)
        #expect(tokens.redeem(first, at: .milliseconds(4999)) == 1)
        #expect(tokens.redeem(second, at: .seconds(5)) == nil)
        #expect(tokens.count == 0)
    }

    @Test("A subject's further token gives up its oldest") mutating func replaces() throws {
        let first = try issue(1, at: 0)
        let other = try issue(2, at: 0)
        let second = try issue(1, at: 1)
        let third = try issue(1, at: 2)
        #expect(tokens.redeem(first, at: .seconds(3)) == nil)
        #expect(tokens.redeem(second, at: .seconds(3)) == 1)
        #expect(tokens.redeem(third, at: .seconds(3)) == 1)
        #expect(tokens.redeem(other, at: .seconds(3)) == 2)
    }

    @Test("No more tokens are given out than the capacity, until some have expired")
    mutating func isBounded() throws {
        for subject in 0..<6 { _ = try issue(subject, at: 0) }
        #expect(tokens.issue(for: 6, at: .seconds(4), using: &random) == nil)
        _ = try issue(6, at: 5)
        #expect(tokens.count == 1)
    }

    @Test("A subject's tokens can be taken back") mutating func revokes() throws {
        let token = try issue(1, at: 0)
        tokens.revoke(1)
        #expect(tokens.redeem(token, at: .seconds(0)) == nil)
    }

    @Test("Nothing else redeems: other digits, other lengths, bytes that are none")
    mutating func refusesOthers() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var noise = SeededGenerator(seed: seed)
        let token = try issue(1, at: 0)
        for _ in 0..<2000 {
            var other = token
            switch Int.random(in: 0..<4, using: &noise) {
            case 0:
                other[Int.random(in: 0..<64, using: &noise)] = UInt8.random(in: 0x67...0xFF, using: &noise)
            case 1: other.removeLast(Int.random(in: 1...64, using: &noise))
            case 2: other += noise.bytes(Int.random(in: 1...70, using: &noise))
            default:
                let place = Int.random(in: 0..<64, using: &noise)
                other[place] = other[place] == 0x30 ? 0x31 : 0x30
            }
            #expect(tokens.redeem(other, at: .seconds(1)) == nil)
        }
        #expect(tokens.redeem(token, at: .seconds(1)) == 1)
    }
}
