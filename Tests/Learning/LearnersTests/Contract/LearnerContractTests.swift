import TestSupport
import Testing

@Suite("The contract of learners") struct LearnerContractTests {
    static var learners: [any LearnerUnderTest.Type] {
        [
            ContextCountsUnderTest.self, HashedSoftmaxUnderTest.self, SequenceModelUnderTest.self,
            NextToolUnderTest.self, HitRatesUnderTest.self, NextCallUnderTest.self, ByteModelUnderTest.self,
            ResultAnomalyUnderTest.self, SessionClustersUnderTest.self, AdditiveEffectsUnderTest.self,
            ConformalQuantileUnderTest.self, FailureForecastUnderTest.self, LatencyForecastUnderTest.self,
            CacheForecastUnderTest.self, ToolSearchUnderTest.self, RecentHashesUnderTest.self,
            SessionAnomalyUnderTest.self, BetaBanditUnderTest.self, GaussianBanditUnderTest.self,
            ContextualBanditUnderTest.self, OffPolicyEstimateUnderTest.self, ExcessTailUnderTest.self,
            SeriesAnomalyUnderTest.self, AdaptiveWindowUnderTest.self, PageHinkleyUnderTest.self,
            HeavyHittersUnderTest.self, FrequentSequencesUnderTest.self, SequentialTestUnderTest.self,
            SampleRatioTestUnderTest.self, ExperimentUnderTest.self, PrefetchPolicyUnderTest.self,
            TrafficPatternsUnderTest.self,
        ]
    }

    @Test(
        "The same seed and stream give the same forecasts and bytes", arguments: 1...4 as ClosedRange<UInt64>)
    func determinism(seed: UInt64) {
        for learner in Self.learners { LearnerContract.isDeterministic(learner, seed: seed) }
    }

    @Test(
        "A learner restored in mid-stream goes on as if nothing had happened",
        arguments: 5...9 as ClosedRange<UInt64>)
    func restoring(seed: UInt64) throws {
        for learner in Self.learners { try LearnerContract.restoresInMidStream(learner, seed: seed) }
    }

    @Test("Memory and saved bytes stay within the bound", arguments: 1...2 as ClosedRange<UInt64>)
    func memory(seed: UInt64) {
        for learner in Self.learners { LearnerContract.staysWithinMemory(learner, seed: seed) }
    }

    @Test("Every forecast is finite", arguments: 1...4 as ClosedRange<UInt64>)
    func finiteness(seed: UInt64) {
        for learner in Self.learners { LearnerContract.forecastsAreFinite(learner, seed: seed) }
    }

    @Test(
        "Merging adds what a sibling has learned, and nothing else", arguments: 1...3 as ClosedRange<UInt64>)
    func merging(seed: UInt64) {
        for learner in Self.learners { LearnerContract.merges(learner, seed: seed) }
    }

    @Test("Damaged bytes are refused or give a learner that works", arguments: 1...6 as ClosedRange<UInt64>)
    func damage(seed: UInt64) {
        for learner in Self.learners { LearnerContract.survivesDamage(learner, seed: seed) }
    }
}
