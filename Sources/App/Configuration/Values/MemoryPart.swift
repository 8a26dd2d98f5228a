/// One of the eleven parts that the gateway's memory is divided into, by its published name.
package enum MemoryPart: String, Sendable, CaseIterable {
    /// Bytes that connections hold of messages that are still coming in or going out.
    case protocolHandlers = "protocol_handlers"
    /// What is kept of sessions and of their streams.
    case stateManagement = "state_management"
    /// Messages of calls that wait for a server, or for their client.
    case messageRouting = "message_routing"
    /// The observation rings and their payloads, in the shared region.
    case rings
    /// The state tables of the core and of the learner, in the shared region.
    case stateCache = "state_cache"
    /// The command rings, in the shared region.
    case messageQueue = "message_queue"
    case modelStorage = "model_storage"
    case trainingBuffer = "training_buffer"
    case featureCache = "feature_cache"
    case activeModels = "active_models"
    case historicalData = "historical_data"

    /// The parts that are printed and summed together.
    package enum Group: String, Sendable, CaseIterable {
        case core = "core"
        case sharedRegion = "shared region"
        case learning = "learning"
        case learningStorage = "learning storage"
    }

    package var group: Group {
        switch self {
        case .protocolHandlers, .stateManagement, .messageRouting: .core
        case .rings, .stateCache, .messageQueue: .sharedRegion
        case .modelStorage, .trainingBuffer, .featureCache: .learning
        case .activeModels, .historicalData: .learningStorage
        }
    }

    /// Whether the part belongs to the learning buffer; all others are working memory.
    package var isLearningBuffer: Bool { group == .learning }
}
