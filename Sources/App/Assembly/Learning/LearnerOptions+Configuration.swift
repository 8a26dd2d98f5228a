import Configuration
import ModelHistory
import Orchestration
import RocksStorage

extension LearnerProgram.Options {
    /// A learner that somebody starts by hand, beside the gateway with this configuration.
    package init(_ configuration: GatewayConfiguration) {
        let link: Link
        if configuration.learning.mode == .external {
            let sizes = RegionSizes(MemoryBudgets(configuration), loops: configuration.core.threads)
            link = .directory(path: configuration.regionDirectory, LearnerSizes(sizes))
        } else {
            link = .socket(
                path: configuration.attachPlaces.control, certificates: configuration.certificateDirectory)
        }
        self.init(
            link: link, checkpointPath: configuration.checkpointPath,
            modelBytes: MemoryBudgets(configuration)[.modelStorage])
        patterns = PatternSettings(configuration)
        modelSocket = configuration.modelSocketPath
        data = configuration.persistence.directory.value
        compression = RocksSettings(configuration.persistence).compression
        updateInterval = configuration.learning.modelUpdateInterval
        retention = Retention(configuration)
        keys = StoreKeys(configuration, creates: false)
    }
}

extension LearnerProgram.Options {
    /// Says what may be kept on disk of arguments and results.
    package mutating func keep(_ capture: LearningConfiguration.Capture) {
        patterns = PatternSettings(modelBytes: modelBytes, capture: capture)
    }
}

extension Retention {
    /// Which versions of the learner's model are kept; nil for all.
    package init?(_ configuration: GatewayConfiguration) {
        self.init(modelDays: configuration.persistence.modelRetentionDays)
    }

    package init?(modelDays: Int) {
        guard modelDays > 0 else { return nil }
        self.init(author: LearnerModel.author, days: modelDays)
    }
}

extension PatternSettings {
    init(_ configuration: GatewayConfiguration) {
        self.init(
            modelBytes: MemoryBudgets(configuration)[.modelStorage],
            capture: configuration.learning.capture)
    }

    /// - Parameter capture: what is kept on disk of arguments and results.
    init(modelBytes: Int, capture: LearningConfiguration.Capture) {
        self.init(modelBytes: modelBytes, keepsTexts: capture == .full, keepsHashes: capture != .none)
    }
}

extension LearnerSizes {
    init(_ sizes: RegionSizes) {
        self.init(
            laneBytes: sizes.learnerLaneBytes.map { UInt64($0) }, tableBytes: UInt64(sizes.learnerTableBytes))
    }
}
