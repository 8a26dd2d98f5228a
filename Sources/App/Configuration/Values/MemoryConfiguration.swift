/// `[memory]`: the sizes of the shared region, and of a message.
package struct MemoryConfiguration: Sendable, Equatable {
    /// A set of defaults for a kind of machine.
    package enum Profile: String, Sendable, CaseIterable {
        case edge, standard, large

        /// The size of rings, state table and message queue together.
        package var sharedMemoryBytes: Int {
            switch self {
            case .edge: 16 << 20
            case .standard: 256 << 20
            case .large: 4 << 30
            }
        }
    }

    package var profile: Profile
    package var sharedMemoryBytes: Int
    package var ringBufferBytes: Int
    /// The largest message, in both directions.
    package var maxMessageBytes = 4 << 20

    package init(profile: Profile, sharedMemoryBytes: Int, ringBufferBytes: Int) {
        self.profile = profile
        self.sharedMemoryBytes = sharedMemoryBytes
        self.ringBufferBytes = ringBufferBytes
    }
}
