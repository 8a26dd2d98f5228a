import Learners
import ModelHistory
import SharedMemory

/// What a learner that was killed goes on from: its state, and how far it had read each ring when that was
/// so.
///
/// The two belong together: a record is either in the state or behind the position, so that after a restart
/// none is counted twice and none is missed that the ring or the journal still holds.
///
/// The bytes: `ATTUNELC`, u64 XXH64 of the rest, then the fields as `ByteEncoder` writes them.
package struct Checkpoint: Sendable {
    /// How far one ring of a process was read.
    package struct Place: Sendable, Equatable {
        /// Of the segment that the ring is in.
        package var generation: UInt64
        /// The loop of an observation ring; the lane of a worker's command ring, plus 2^32.
        package var ring: UInt64
        package var position: UInt64
        /// Records that were lost up to there.
        package var lost: UInt64

        package init(generation: UInt64, ring: UInt64, position: UInt64, lost: UInt64 = 0) {
            self.generation = generation
            self.ring = ring
            self.position = position
            self.lost = lost
        }

        /// The number of a worker's lane among rings.
        static func lane(_ lane: Int) -> UInt64 { 1 << 32 | UInt64(lane) }
    }

    package static let version: UInt64 = 3
    /// Without `isApart` and the calls that no version has yet; such files are still read.
    private static let version2: UInt64 = 2
    /// A state has at most 1,000 tools and 512 predictions; this leaves room for the largest sketches.
    package static let mostBytes = 48 << 20
    private static let magic = Array("ATTUNELC".utf8)
    /// 31 loops and 8 workers with 3 lanes at most.
    static let mostPlaces = 64

    package var positions: LearnerPositions
    /// The version of the model that the state goes on from; nil for none.
    package var base: ObjectID?
    /// Whether the state began with nothing while it was not known what versions there are, so that it is to
    /// be added to the one at HEAD.
    package var isApart: Bool
    package var state: LearnerState

    package init(
        positions: LearnerPositions, base: ObjectID? = nil, isApart: Bool = false, state: LearnerState
    ) {
        self.positions = positions
        self.base = base
        self.isApart = isApart
        self.state = state
    }

    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        // Proof: the array outlives the call, which only reads its bytes.
        unsafe bytes.withUnsafeBytes { unsafe XXHash64.hash($0) }
    }

    package var encoded: [UInt8] {
        var encoder = ByteEncoder()
        encoder.write(Self.version)
        encoder.write(base?.bytes ?? [])
        encoder.write((isApart ? 1 : 0) as UInt64)
        state.fresh.save(to: &encoder)
        positions.save(to: &encoder)
        state.save(to: &encoder)
        return Self.sealed(encoder.bytes)
    }

    /// A body with what is before it.
    static func sealed(_ body: [UInt8]) -> [UInt8] {
        let digest = digest(body)
        return magic + (0..<8).map { UInt8(truncatingIfNeeded: digest >> UInt64(8 * $0)) } + body
    }

    /// nil unless all of it is there and undamaged.
    ///
    /// - Parameter modelBytes: what statistics may use now.
    package init?(_ bytes: [UInt8], modelBytes: Int = .max) {
        guard bytes.count > 16, bytes.count <= Self.mostBytes, bytes.starts(with: Self.magic) else {
            return nil
        }
        let digest = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[8 + $1]) << UInt64(8 * $1) }
        let body = Array(bytes[16...])
        guard Self.digest(body) == digest else { return nil }
        var decoder = ByteDecoder(body)
        guard let version = decoder.integer(), version == Self.version || version == Self.version2,
            let base = decoder.run(upTo: ObjectID.byteCount),
            base.isEmpty || base.count == ObjectID.byteCount
        else { return nil }
        var (isApart, fresh): (UInt64?, FreshCalls?) = (0, FreshCalls())
        if version > Self.version2 {
            isApart = decoder.integer(upTo: 1)
            fresh = FreshCalls(restoring: &decoder)
        }
        guard let isApart, let fresh, let positions = LearnerPositions(restoring: &decoder),
            var state = LearnerState(bytes: modelBytes, restoring: &decoder), decoder.isAtEnd
        else { return nil }
        state.fresh = fresh
        self.init(positions: positions, base: ObjectID(base), isApart: isApart == 1, state: state)
    }
}
