import SharedMemory

/// One entry's 64 bytes, for the owner's threads that hold the lock of its shard; the fields are those of
/// `Slot`.
@safe
struct WritableSlot {
    let address: UnsafeMutableRawPointer

    init(_ address: UnsafeMutableRawPointer) { unsafe self.address = unsafe address }

    var version: WritableWord { unsafe address.word(at: 0) }
    var hash: WritableWord { unsafe address.word(at: 8) }
    var next: WritableWord { unsafe address.word(at: 16) }
    var shape: WritableWord { unsafe address.word(at: 24) }
    var expiry: WritableWord { unsafe address.word(at: 32) }
    var key: WritableWord { unsafe address.word(at: 40) }
    var block: WritableWord { unsafe address.word(at: 48) }
    var inline: WritableWord { unsafe address.word(at: 56) }

    /// Makes readers wait, or answer that there is nothing, until `publish(_:)`.
    func beginWriting() {
        version.store(version.load() | 1)
        SharedFence.afterAnnouncing()
    }

    func publish(_ version: UInt64) { self.version.storeReleasing(version) }
}
