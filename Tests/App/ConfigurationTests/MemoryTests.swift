import Testing

@testable import Configuration

@Suite("The parts of memory")
struct MemoryTests {
    private static func budgets(_ profile: String) throws -> MemoryBudgets {
        MemoryBudgets(try load("[memory]\nprofile = \"\(profile)\"").configuration)
    }

    @Test("the large profile is the layout of 12 GiB for a machine with 32 GB")
    func large() throws {
        let budgets = try Self.budgets("large")
        let gib = 1 << 30
        #expect(budgets[.rings] == gib)
        #expect(budgets[.stateCache] == 2 * gib)
        #expect(budgets[.messageQueue] == gib)
        for part in [MemoryPart.protocolHandlers, .stateManagement, .messageRouting] {
            #expect(budgets[part] == gib)
        }
        #expect(budgets[.modelStorage] == gib * 3 / 2)
        #expect(budgets[.trainingBuffer] == gib)
        #expect(budgets[.featureCache] == gib / 2)
        #expect(budgets[.activeModels] == gib)
        #expect(budgets[.historicalData] == gib)
        #expect(budgets.workingBytes == 9 * gib)
        #expect(budgets.learningBufferBytes == 3 * gib)
        #expect(budgets.totalBytes == 12 * gib)
    }

    @Test(
        "the shared region has 16 MiB, 256 MiB and 4 GiB",
        arguments: [("edge", 16), ("standard", 256), ("large", 4096)])
    func shared(_ profile: String, _ mebibytes: Int) throws {
        let budgets = try Self.budgets(profile)
        let region = MemoryPart.allCases.filter { $0.group == .sharedRegion }.reduce(0) { $0 + budgets[$1] }
        #expect(region == mebibytes << 20)
    }

    @Test(
        "the sum of the parts is the working memory and the learning buffer together",
        arguments: ["edge", "standard", "large"])
    func sums(_ profile: String) throws {
        let budgets = try Self.budgets(profile)
        #expect(MemoryPart.allCases.count == 11)
        #expect(MemoryPart.allCases.reduce(0) { $0 + budgets[$1] } == budgets.totalBytes)
        #expect(budgets.workingBytes + budgets.learningBufferBytes == budgets.totalBytes)
        for part in MemoryPart.allCases { #expect(budgets[part] > 0, "\(part)") }
    }

    @Test("parts that hold messages have room for two of the largest")
    func largestMessages() throws {
        let budgets = MemoryBudgets(
            try load("[memory]\nprofile = \"edge\"\nmax_message_size = \"64MiB\"").configuration)
        #expect(budgets[.protocolHandlers] == 128 << 20)
        #expect(budgets[.messageRouting] == 128 << 20)
        #expect(budgets[.stateManagement] == 8 << 20)
    }

    @Test("what is given for the shared region is what its parts have")
    func given() throws {
        let text = """
            [core]
            state_cache_size = "3MiB"
            [memory]
            shared_memory_size = "20MiB"
            ring_buffer_size = "10MiB"
            """
        let budgets = MemoryBudgets(try load(text).configuration)
        #expect(budgets[.rings] == 10 << 20)
        #expect(budgets[.stateCache] == 3 << 20)
        #expect(budgets[.messageQueue] == 7 << 20)
    }

    @Test("rings too small for the event loops are refused")
    func tooSmall() {
        let text = "[core]\nthreads = 5\n[memory]\nring_buffer_size = \"64KiB\""
        #expect(
            errors(text) == [
                "4:20 `memory.ring_buffer_size` (64KiB) is too small for the 5 event loops of `core.threads`"
            ])
    }
}

@Suite("The segments of the shared region")
struct RegionSizesTests {
    @Test(
        "segments are within a per cent below the budgets, but for an eighth of the workers'",
        arguments: [("edge", 1), ("standard", 2), ("standard", 3), ("large", 16)])
    func whole(_ profile: String, _ loops: Int) throws {
        let budgets = MemoryBudgets(try load("[memory]\nprofile = \"\(profile)\"").configuration)
        let sizes = RegionSizes(budgets, loops: loops)
        let own = budgets[.rings] + budgets[.stateCache] + budgets[.messageQueue] / 2
        let made = sizes.coreSegmentBytes + sizes.learnerSegmentBytes
        #expect(made <= own)
        #expect(made > own / 100 * 99)
        let workers = budgets[.messageQueue] / 2
        #expect(sizes.workerSegmentBytes * RegionSizes.maxWorkers <= workers)
        #expect(sizes.workerSegmentBytes * RegionSizes.maxWorkers >= workers / 8 * 7)
    }

    @Test("ring capacities are powers of two, and a quarter of the rings at most is records")
    func capacities() throws {
        let sizes = RegionSizes(MemoryBudgets(try load("").configuration), loops: 2)
        #expect(sizes.observationRecords == 65_536)
        #expect(sizes.payloadBytes == (24 << 20) - 8192 + 3840)
        #expect(sizes.payloadBytes % 64 == 0)
        #expect(sizes.learnerLaneBytes == [8 << 20, 16 << 20, 8 << 20])
        #expect(sizes.workerLaneBytes == [512 << 10, 2 << 20, 1 << 20])
    }

    @Test("the smallest configuration still has every section")
    func smallest() throws {
        let small =
            "[core]\nthreads = 4\nstate_cache_size = 1024\n[memory]\n"
            + "shared_memory_size = \"65KiB\"\nring_buffer_size = \"64KiB\""
        let sizes = RegionSizes(MemoryBudgets(try load(small).configuration), loops: 4)
        #expect(sizes.observationRecords == 32)
        #expect(sizes.payloadBytes >= 4096)
        #expect(sizes.coreTableBytes >= 512 << 10)
        #expect(sizes.learnerTableBytes >= 192 << 10)
        #expect(sizes.learnerLaneBytes == [256 << 10, 512 << 10, 256 << 10])
        #expect(sizes.workerLaneBytes == [16 << 10, 64 << 10, 32 << 10])
    }
}
