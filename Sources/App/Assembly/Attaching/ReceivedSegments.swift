import SharedMemory

/// The segments of other processes that a client reads.
package struct ReceivedSegments: Sendable {
    package struct One: Sendable {
        package let kind: SegmentKind
        /// The number of its owner among those of the kind.
        package let index: Int
        package let segment: AttachedSegment
    }

    package struct Unusable: Sendable, Equatable {
        package let name: String
        package let error: SegmentError
    }

    package internal(set) var segments: [One] = []
    /// Those whose header can't be believed, most likely a worker's: they are left out.
    package internal(set) var unusable: [Unusable] = []

    init() {}

    /// Maps what came; what `earlier` has mapped already is taken from there.
    init(
        _ entries: [SegmentManifest.Entry], _ descriptors: [SharedDescriptor], earlier: ReceivedSegments
    ) throws(AttachFault) {
        guard entries.count == descriptors.count else { throw .badManifest }
        for (entry, descriptor) in zip(entries, descriptors) {
            guard let kind = SegmentKind.allCases.first(where: { $0.text == entry.kind }) else { continue }
            if let known = earlier.segments.first(where: { $0.isSame(as: entry) }) {
                segments.append(known)
                continue
            }
            let number: Int32
            do throws(DescriptorFault) {
                number = try descriptor.duplicate()
            } catch {
                throw .descriptors(error)
            }
            do throws(SegmentError) {
                let segment = try AttachedSegment.anonymous(number)
                segments.append(One(kind: kind, index: entry.index, segment: segment))
            } catch {
                unusable.append(Unusable(name: entry.name, error: error))
            }
        }
    }
}

extension ReceivedSegments.One {
    fileprivate func isSame(as entry: SegmentManifest.Entry) -> Bool {
        kind.text == entry.kind && index == entry.index && segment.header.name == entry.name
            && segment.header.generation == entry.generation && segment.bytes == entry.bytes
    }
}
