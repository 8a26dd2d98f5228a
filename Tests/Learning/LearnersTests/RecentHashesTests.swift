import TestSupport
import Testing

@testable import Learners

@Suite("Hashes that came lately") struct RecentHashesTests {
    @Test("What came lately is known, what never came is not, and what is old makes room")
    func memory() {
        var hashes = RecentHashes(bits: 8)
        for number in 0..<10_000 as Range<UInt64> {
            let hash = HashMix.mix(number)
            #expect(!hashes.contains(hash))
            hashes.insert(hash)
            #expect(hashes.contains(hash))
        }
        let kept = (0..<10_000 as Range<UInt64>).filter { hashes.contains(HashMix.mix($0)) }
        #expect(kept.count == 256 && kept.allSatisfy { $0 > 8000 })
    }

    @Test("What comes again and again stays") func repeated() {
        var hashes = RecentHashes(bits: 4)
        let often = HashMix.mix(7)
        for number in 100..<200 as Range<UInt64> {
            hashes.insert(often)
            hashes.insert(HashMix.mix(number))
            hashes.insert(HashMix.mix(number + 1000))
            #expect(hashes.contains(often))
        }
    }
}
