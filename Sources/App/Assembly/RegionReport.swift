import Configuration
import Dashboard

extension MemoryReport {
    /// The layout that a configuration asks for.
    /// - Parameter used: the bytes that a part holds now; nothing is held where no gateway runs.
    package init(_ configuration: GatewayConfiguration, used: (MemoryPart) -> Int = { _ in 0 }) {
        let budgets = MemoryBudgets(configuration)
        let learns = configuration.learning.mode != .off
        self.init(
            profile: configuration.memory.profile.rawValue,
            parts: MemoryPart.allCases.map { part in
                Part(
                    part: part.rawValue, budgetBytes: budgets[part], usedBytes: used(part),
                    enforcedBy: Self.enforcement(of: part, learns: learns))
            },
            workingBytes: budgets.workingBytes, learningBufferBytes: budgets.learningBufferBytes)
    }

    /// What keeps a part within its budget.
    private static func enforcement(of part: MemoryPart, learns: Bool) -> String {
        if part.group != .core, !learns { return "nothing is made: [learning] mode is off" }
        return switch part {
        case .protocolHandlers:
            "counted bytes of messages in transit: beyond them requests are refused, unread answers dropped"
        case .stateManagement:
            "counted bytes of sessions and kept events: beyond them old events go, new sessions are refused"
        case .messageRouting: "counted bytes of calls under way: beyond them new calls are refused"
        case .rings: "fixed size of the core's segment: new records overwrite the oldest"
        case .stateCache: "fixed size of the segments' state tables: entries are evicted"
        case .messageQueue: "fixed size of the command rings: writers are told that they are full"
        case .modelStorage: "counted bytes of the learner's state: tools beyond them count as one"
        case .trainingBuffer, .featureCache: "nothing is held: the learner keeps statistics only"
        case .activeModels: "nothing is held: the learner's statistics are no models"
        case .historicalData:
            "size of the store's cache and write buffers: blocks go, buffers become files"
        }
    }
}
