/// How many bytes each part of the gateway's memory may have.
///
/// The parts of the shared region are what `[memory]` and `[core] state_cache_size` say, the others what the
/// profile gives; the parts that hold messages have room for two of the largest at least, so that one can
/// come in while another goes out.
package struct MemoryBudgets: Sendable, Equatable {
    /// The least messages of the largest size that a part which holds messages has room for.
    package static let leastMessages = 2

    private let bytes: [MemoryPart: Int]

    package init(_ configuration: GatewayConfiguration) {
        let memory = configuration.memory
        var bytes: [MemoryPart: Int] = [:]
        for part in MemoryPart.allCases { bytes[part] = memory.profile.bytes(of: part) }
        for part in [MemoryPart.protocolHandlers, .messageRouting] {
            bytes[part] = max(bytes[part] ?? 0, Self.leastMessages * memory.maxMessageBytes)
        }
        bytes[.rings] = memory.ringBufferBytes
        let state = configuration.core.stateCacheBytes
        bytes[.stateCache] = max(RegionSizes.leastStateBytes, state)
        bytes[.messageQueue] = max(
            RegionSizes.leastQueueBytes, memory.sharedMemoryBytes - memory.ringBufferBytes - state)
        self.bytes = bytes
    }

    package subscript(part: MemoryPart) -> Int { bytes[part] ?? 0 }

    /// The sum of all parts.
    package var totalBytes: Int { bytes.values.reduce(0, +) }

    /// The sum of the parts that the learner learns in.
    package var learningBufferBytes: Int {
        MemoryPart.allCases.filter(\.isLearningBuffer).reduce(0) { $0 + self[$1] }
    }

    /// The sum of all other parts.
    package var workingBytes: Int { totalBytes - learningBufferBytes }
}
