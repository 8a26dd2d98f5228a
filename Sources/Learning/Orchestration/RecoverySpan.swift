import Learners

/// Calls of one loop of a gateway that are to be looked for in the journal.
package struct RecoverySpan: Sendable, Equatable {
    /// Of the gateway's region.
    package var generation: UInt64
    package var loop: UInt16
    /// The sequence to go on with: all before are in the state, or are not in the journal.
    package var next: UInt64
    /// The last one; nil for all that the journal has of a gateway that has ended.
    package var last: UInt64?
    /// How often the journal had nothing more of it, since it last had; not saved.
    var vainTries = 0
    /// When it is to be asked for again, as a reading of CLOCK_MONOTONIC in nanoseconds; not saved.
    var nextTime: UInt64 = 0

    package init(generation: UInt64, loop: UInt16, next: UInt64, last: UInt64? = nil) {
        self.generation = generation
        self.loop = loop
        self.next = next
        self.last = last
    }
}

extension RecoverySpan {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(generation)
        encoder.write(UInt64(loop))
        encoder.write(next)
        encoder.write(last ?? 0)
    }

    init?(restoring decoder: inout ByteDecoder) {
        guard let generation = decoder.integer(), let loop = decoder.integer(upTo: UInt64(UInt16.max)),
            let next = decoder.integer(), let last = decoder.integer()
        else { return nil }
        self.init(generation: generation, loop: UInt16(loop), next: next, last: last > 0 ? last : nil)
    }
}
