import Learners

/// Up to where a state has taken calls into account: what lies before is in it or given up, what lies behind
/// is not.
///
/// Numbers of rings and of the journal are the same, so that a state can go on from either.
package struct LearnerPositions: Sendable, Equatable {
    /// Of the gateway's region that was read last.
    package var generation: UInt64
    /// Earlier gateways than this are looked for in the journal no more, but for `spans`.
    package var settled: UInt64 = 0
    package var places: [Checkpoint.Place] = []
    package var spans: [RecoverySpan] = []

    package init(generation: UInt64) { self.generation = generation }

    /// Without what concerns the messages of Python programs.
    var ofObservations: LearnerPositions {
        var positions = self
        positions.places = places.filter(\.isObservations)
        return positions
    }

    /// As of a gateway: what an earlier one left unread is in the journal, if anywhere.
    func moved(to generation: UInt64) -> LearnerPositions {
        guard generation != self.generation else { return self }
        var moved = self
        moved.generation = generation
        let unread = places.filter { $0.isObservations && $0.generation != generation }.map {
            RecoverySpan(
                generation: $0.generation, loop: UInt16(truncatingIfNeeded: $0.ring), next: $0.position &+ 1)
        }
        moved.places = places.filter { !$0.isObservations || $0.generation == generation }
        moved.spans = Array((spans + unread).suffix(Recovery.mostSpans))
        return moved
    }
}

extension Checkpoint.Place {
    /// Whether it is of an observation ring, and not of a worker's messages.
    var isObservations: Bool { ring < 1 << 32 }
}

extension LearnerPositions {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(generation)
        encoder.write(settled)
        encoder.write(UInt64(places.count))
        for place in places {
            encoder.write(place.generation)
            encoder.write(place.ring)
            encoder.write(place.position)
            encoder.write(place.lost)
        }
        encoder.write(UInt64(spans.count))
        for span in spans { span.save(to: &encoder) }
    }

    /// nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        guard let generation = decoder.integer(), let settled = decoder.integer(),
            let count = decoder.integer(upTo: UInt64(Checkpoint.mostPlaces))
        else { return nil }
        self.init(generation: generation)
        self.settled = settled
        for _ in 0..<count {
            guard let generation = decoder.integer(), let ring = decoder.integer(),
                let position = decoder.integer(), let lost = decoder.integer(upTo: position)
            else { return nil }
            places.append(
                Checkpoint.Place(generation: generation, ring: ring, position: position, lost: lost))
        }
        guard let spanCount = decoder.integer(upTo: UInt64(Recovery.mostSpans)) else { return nil }
        for _ in 0..<spanCount {
            guard let span = RecoverySpan(restoring: &decoder) else { return nil }
            spans.append(span)
        }
    }
}
