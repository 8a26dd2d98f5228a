import Patterns
import TestSupport
import Testing

@Suite("Whether a call gives again what it gave") struct CacheForecastTests {
    private static func call(_ tool: String, _ arguments: UInt64, session: UInt64) -> CacheForecast.Call {
        .init(
            factors: CallFactors(agent: "a", server: "s", tool: tool), arguments: arguments, session: session)
    }

    @Test("Nothing is told of a call that was never made") func unknown() {
        var forecast = CacheForecast(bits: 8)
        forecast.learn(Self.call("get", 1, session: 1), result: 5, isError: false)
        #expect(forecast.forecast(Self.call("get", 2, session: 1)) == nil)
        #expect(forecast.forecast(Self.call("get", 1, session: 1))?.isFromAnotherSession == false)
        #expect(forecast.forecast(Self.call("get", 1, session: 2))?.isFromAnotherSession == true)
    }

    @Test("A tool whose results stay is told from one whose results change, also for new arguments")
    func tools() throws {
        var forecast = CacheForecast(bits: 8)
        for step in 0..<200 as Range<UInt64> {
            forecast.learn(Self.call("rules", step % 4, session: step), result: step % 4, isError: false)
            forecast.learn(Self.call("clock", step % 4, session: step), result: step, isError: false)
        }
        for tool in ["rules", "clock"] {
            forecast.learn(Self.call(tool, 9, session: 900), result: 1, isError: false)
        }
        let rules = try #require(forecast.forecast(Self.call("rules", 9, session: 901)))
        let clock = try #require(forecast.forecast(Self.call("clock", 9, session: 901)))
        #expect(rules.probability > 0.8 && clock.probability < 0.2)
        let known = try #require(forecast.forecast(Self.call("rules", 1, session: 901)))
        #expect(known.lowerBound < known.probability && rules.lowerBound < known.lowerBound)
    }

    @Test("A call that changes something makes what was kept doubtful") func mutation() throws {
        var forecast = CacheForecast(bits: 8)
        var (state, random): (UInt64, SeededGenerator) = (0, SeededGenerator(seed: 4))
        for _ in 0..<600 {
            if random.chance(30) {
                state += 1
                forecast.learn(Self.call("put", state, session: 1), result: 0, isError: false)
            } else if random.chance(50) {
                forecast.learn(Self.call("look", state, session: 1), result: 0, isError: false)
            }
            forecast.learn(Self.call("get", 7, session: 1), result: state, isError: false)
        }
        let kept = try #require(forecast.forecast(Self.call("get", 7, session: 1))).probability
        forecast.learn(Self.call("put", 1000, session: 1), result: 0, isError: false)
        let doubtful = try #require(forecast.forecast(Self.call("get", 7, session: 1))).probability
        #expect(kept > 0.8 && doubtful < 0.3)
    }

    @Test("Sessions that saw the same before are expected to see the same again") func agreement() throws {
        var forecast = CacheForecast(bits: 8)
        for step in 0..<400 as Range<UInt64> {
            // Two worlds, of which a session sees one.
            let world = UInt64(HashedCoin.side(step))
            for arguments in 0..<3 as Range<UInt64> {
                forecast.learn(
                    Self.call("get", arguments, session: step), result: world * 10 + arguments, isError: false
                )
            }
        }
        let last = UInt64(HashedCoin.side(399))
        for world in 0..<2 as Range<UInt64> {
            var forecast = forecast
            forecast.learn(Self.call("get", 0, session: 1000), result: world * 10, isError: false)
            let told = try #require(forecast.forecast(Self.call("get", 2, session: 1000)))
            #expect((told.probability > 0.5) == (world == last), "world \(world)")
        }
    }
}

/// A coin that falls the same way for the same number.
private enum HashedCoin {
    static func side(_ number: UInt64) -> Int { Int((number &* 0x9E37_79B9_7F4A_7C15) >> 63) }
}
