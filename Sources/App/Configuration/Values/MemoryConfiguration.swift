/// `[memory]`: the sizes of the shared region, and of a message.
package struct MemoryConfiguration: Sendable, Equatable {
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
