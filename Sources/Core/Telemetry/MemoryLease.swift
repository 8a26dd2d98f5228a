/// A part of an account that one thread takes from and gives to without touching what others share.
///
/// It reserves in chunks and keeps a little of what is given back, so that most calls cost an addition.
package struct MemoryLease: ~Copyable {
    /// The most that is reserved at a time.
    private static let mostChunkBytes = 64 << 10
    /// So many chunks are in a budget at least, so that what lies idle in many leases is little of it.
    private static let leastChunks = 1024
    /// More than so many chunks that lie idle are given back.
    private static let mostIdleChunks = 4

    private let account: MemoryAccount?
    /// What is reserved at a time where the account has that much.
    package let chunkBytes: Int
    private var reserved = 0
    private var taken = 0

    /// - Parameter account: nil lends without a bound.
    package init(_ account: MemoryAccount?) {
        self.account = account
        chunkBytes = min(Self.mostChunkBytes, (account?.budgetBytes ?? .max) / Self.leastChunks)
    }

    deinit { account?.release(reserved) }

    /// What is in use.
    package var takenBytes: Int { taken }

    /// - Returns: false, and takes nothing, if the account has not so much left.
    package mutating func take(_ bytes: Int) -> Bool {
        let missing = taken + bytes - reserved
        if missing > 0, let account {
            if account.reserve(max(missing, chunkBytes)) {
                reserved += max(missing, chunkBytes)
            } else if account.reserve(missing) {
                reserved += missing
            } else {
                return false
            }
        }
        taken += bytes
        return true
    }

    /// Gives back what was taken.
    package mutating func give(_ bytes: Int) {
        taken -= bytes
        let idle = reserved - taken
        guard let account, idle > Self.mostIdleChunks * chunkBytes else { return }
        account.release(idle - chunkBytes)
        reserved = taken + chunkBytes
    }
}
