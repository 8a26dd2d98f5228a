import Learners
import Testing

@Suite("Decaying rate") struct DecayingRateTests {
    @Test("A steady stream has its own rate from its first whole second on") func steady() {
        var rate = DecayingRate(timeConstant: 10)
        for second in 0..<100 as Range<UInt64> {
            rate.record(7, second: second)
            if second > 0 { #expect(abs(rate.value(second: second) - 7) < 1e-9) }
        }
    }

    @Test("After one time constant of silence 1/e of the rate is left") func decay() {
        var rate = DecayingRate(timeConstant: 10)
        for second in 0..<1000 as Range<UInt64> { rate.record(100, second: second) }
        #expect(abs(rate.value(second: 1010) - 100 * 0.36787944117144233) < 1e-6)
    }

    @Test("A long silence leaves nothing") func silence() {
        var rate = DecayingRate(timeConstant: 10_000)
        rate.record(1, second: 5)
        #expect(rate.value(second: .max) == 0)
        rate.record(1, second: .max)
        #expect(rate.value(second: .max) < 1e-9)
    }

    @Test("Idle seconds counted at once or one by one are the same") func idle() {
        var once = DecayingRate(timeConstant: 30)
        once.record(50, second: 10)
        var each = once
        for second in 10..<400 as Range<UInt64> { each.record(0, second: second) }
        #expect(abs(once.value(second: 400) - each.value(second: 400)) < 1e-12)
    }

    @Test("A clock that goes back counts as the second under way") func backwards() {
        var rate = DecayingRate(timeConstant: 10)
        rate.record(3, second: 10)
        rate.record(4, second: 9)
        #expect(abs(rate.value(second: 11) - 7) < 1e-9)
    }

    @Test("What is saved is restored") func saving() {
        var rate = DecayingRate(timeConstant: 10)
        rate.record(3, second: 10)
        rate.record(5, second: 12)
        var encoder = ByteEncoder()
        rate.save(to: &encoder)
        var decoder = ByteDecoder(encoder.bytes)
        #expect(DecayingRate(timeConstant: 10, restoring: &decoder) == rate)
    }
}
