extension ConfigurationReader {
    /// `[memory]`, with `[core] state_cache_size`, which shares the same memory.
    ///
    /// What is not given follows from what is: the rings take a quarter of the shared memory, the state table
    /// half of it or what the rings leave, and the message queue has the rest.
    mutating func readMemory(_ entry: TOMLEntry?, core: TOMLEntry?) {
        let empty = TOMLEntry(
            key: "memory",
            node: TOMLNode(content: .table([]), location: TOMLLocation(key: 0..<0, value: 0..<0)))
        var section = section(entry ?? empty)
        let profile = section.choice("profile", MemoryConfiguration.Profile.self) ?? .standard
        let most = 1 << 44
        let shared = section.byteCount("shared_memory_size", in: 65_536...most) ?? profile.sharedMemoryBytes
        let ring = section.byteCount("ring_buffer_size", in: 1024...most) ?? shared / 4
        if let bytes = section.byteCount("max_message_size", in: 1024...(1 << 30)) {
            configuration.memory.maxMessageBytes = bytes
        }
        section.finish()
        let cache = stateCache(core, most: most) ?? max(0, min(shared / 2, shared - ring))
        configuration.memory.profile = profile
        configuration.memory.sharedMemoryBytes = shared
        configuration.memory.ringBufferBytes = ring
        configuration.core.stateCacheBytes = cache
        let given = entry?.node.table?.first { $0.key == "ring_buffer_size" }
        let sharedKey = entry?.node.table?.first { $0.key == "shared_memory_size" }
        let least = RegionSizes.leastRingBytesPerLoop * configuration.core.threads
        if ring < least {
            collector.error(
                (given ?? sharedKey)?.node.location.value ?? 0..<0,
                "`memory.ring_buffer_size` (\(ByteSize.text(ring))) is too small for the "
                    + "\(configuration.core.threads) event loops of `core.threads`",
                suggestion: "\(ByteSize.text(RegionSizes.leastRingBytesPerLoop)) an event loop is the least: "
                    + "\(ByteSize.text(least))")
        }
        guard ring > shared - cache else { return }
        let culprit =
            given
            ?? core?.node.table?.first { $0.key == "state_cache_size" }
            ?? sharedKey
        collector.error(
            culprit?.node.location.value ?? 0..<0,
            "`memory.ring_buffer_size` (\(ByteSize.text(ring))) and `core.state_cache_size` "
                + "(\(ByteSize.text(cache))) do not fit in `memory.shared_memory_size` "
                + "(\(ByteSize.text(shared)))",
            suggestion: "their sum must be at most the shared memory; the rest is the message queue")
    }

    private func stateCache(_ core: TOMLEntry?, most: Int) -> Int? {
        guard let core, let key = core.node.table?.first(where: { $0.key == "state_cache_size" }) else {
            return nil
        }
        // `readCore` has taken the key, with its warning; here is only its value.
        let node = TOMLNode(content: .table([key]), location: core.node.location)
        var section = SectionReader(
            node, place: core.node.location.key, name: "core", pattern: "", collector: collector)
        return section.byteCount("state_cache_size", in: 1024...most)
    }
}
