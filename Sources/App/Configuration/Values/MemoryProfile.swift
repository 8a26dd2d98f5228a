extension MemoryConfiguration {
    /// A set of defaults for a kind of machine.
    package enum Profile: String, Sendable, CaseIterable {
        /// For a small computer: 64 MiB altogether.
        case edge
        /// 1 GiB altogether.
        case standard
        /// For a machine with 32 GB: 12 GiB altogether.
        case large

        /// The size of rings, state tables and message queue together.
        package var sharedMemoryBytes: Int { sharedUnits * unit }

        /// What a part gets unless the file says otherwise.
        package func bytes(of part: MemoryPart) -> Int {
            switch part {
            case .protocolHandlers, .stateManagement, .messageRouting: coreUnits * unit
            case .rings, .messageQueue: sharedMemoryBytes / 4
            case .stateCache: sharedMemoryBytes / 2
            case .modelStorage: learningUnits.model * unit
            case .trainingBuffer: learningUnits.training * unit
            case .featureCache: learningUnits.features * unit
            case .activeModels, .historicalData: storageUnits * unit
            }
        }

        /// Bytes of one unit: parts are whole numbers of it.
        private var unit: Int {
            switch self {
            case .edge: 1 << 20
            case .standard: 32 << 20
            case .large: 512 << 20
            }
        }

        private var sharedUnits: Int { self == .edge ? 16 : 8 }

        /// Of each of the core's three parts.
        private var coreUnits: Int {
            switch self {
            case .edge: 8
            case .standard: 4
            case .large: 2
            }
        }

        private var learningUnits: (model: Int, training: Int, features: Int) {
            switch self {
            case .edge: (8, 6, 2)
            case .standard: (4, 3, 1)
            case .large: (3, 2, 1)
            }
        }

        /// Of each of the two parts of learning storage.
        private var storageUnits: Int {
            switch self {
            case .edge: 4
            case .standard, .large: 2
            }
        }
    }
}
