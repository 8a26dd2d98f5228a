/// The first 256 bytes of every ring; each word has a cache line of its own, or two on machines that fetch
/// pairs.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u64 | published: records or bytes ever, all of them whole; stored releasing, loaded acquiring |
/// | 64 | u64 | claimed: records or bytes ever begun on; stored before they are overwritten |
/// | 128 | u64 | capacity in records or bytes, as in the directory |
@usableFromInline
enum RingHead {
    @usableFromInline static let published = 0
    @usableFromInline static let claimed = 64
    /// In a command ring, in the place of what it does not claim.
    static let consumed = 64
    @usableFromInline static let capacity = 128
    @usableFromInline static let bytes = 256
}
