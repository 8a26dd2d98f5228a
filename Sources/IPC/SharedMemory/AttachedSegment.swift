import CSharedMemory
import Glibc

/// Another process's segment, mapped for reading.
///
/// Its header was checked against the size of the file, and the copy that was checked is what is used from
/// then on: sections lie inside the mapping whatever the owner writes later. The mapping stays readable when
/// the owner dies.
@safe
public final class AttachedSegment: @unchecked Sendable {
    // Proof: its fields never change; heartbeat and state are single atomic words.
    public let header: SegmentHeader
    private let mapping: SharedMapping

    /// Maps the anonymous segment behind a descriptor that was received; closes the descriptor, also when it
    /// throws.
    ///
    /// - Throws: a `SegmentError` that says what is wrong with it.
    public static func anonymous(_ descriptor: Int32) throws(SegmentError) -> AttachedSegment {
        try AttachedSegment(descriptor) { file throws(SegmentError) in
            guard cshared_is_sealed(file.seals) else { throw .notSealed }
        }
    }

    /// Maps the segment at `path`, which no other user may be able to change.
    ///
    /// Its owner could still shrink the file under its readers: whoever may write the file is trusted so far.
    ///
    /// - Throws: a `SegmentError` that says what is wrong with it.
    public static func file(_ path: String) throws(SegmentError) -> AttachedSegment {
        let descriptor = unsafe cshared_open_file(path)
        guard descriptor >= 0 else { throw .system(.open, code: -descriptor) }
        return try AttachedSegment(descriptor) { file throws(SegmentError) in
            guard file.user == geteuid(), file.mode & 0o077 == 0
            else { throw .notPrivate(user: file.user, mode: file.mode) }
        }
    }

    private init(
        _ descriptor: Int32, _ check: (cshared_file) throws(SegmentError) -> Void
    ) throws(SegmentError) {
        var file = cshared_file()
        do throws(SegmentError) {
            let code = unsafe cshared_describe(descriptor, &file)
            guard code >= 0 else { throw .system(.describe, code: -code) }
            guard file.is_regular else { throw .notAFile }
            guard (UInt64(SegmentLayout.pageBytes)...SegmentLayout.maximumBytes) ~= file.bytes
            else { throw .tooSmall(bytes: file.bytes) }
            try check(file)
        } catch {
            close(descriptor)
            throw error
        }
        let mapping = try SharedMapping(descriptor: descriptor, bytes: file.bytes, writable: false)
        let state = unsafe mapping.start.word(at: SegmentLayout.Offset.state).loadAcquiring()
        let page = unsafe [UInt8](
            UnsafeRawBufferPointer(start: mapping.start, count: SegmentLayout.pageBytes))
        header = try SegmentHeader(page: page, fileBytes: file.bytes)
        guard SegmentState(rawValue: state) == .live || SegmentState(rawValue: state) == .retired
        else { throw .notLive(state: state) }
        self.mapping = mapping
    }

    public var bytes: UInt64 { header.bytes }

    /// The section of that kind and index; nil if the segment has none.
    public func section(_ kind: SectionKind, _ index: UInt32 = 0) -> Section? {
        header.sections.first { $0.plan.kind == kind && $0.plan.index == index }.map(section)
    }

    /// All sections of that kind, in the order of the directory.
    public func sections(_ kind: SectionKind) -> [Section] {
        header.sections.filter { $0.plan.kind == kind }.map(section)
    }

    private func section(_ descriptor: SectionDescriptor) -> Section {
        Section(mapping: mapping, descriptor: descriptor, generation: header.generation)
    }

    /// When the owner last said that it lives, by `SharedClock.monotonicNanoseconds`; untrusted.
    public var heartbeat: UInt64 { unsafe mapping.start.word(at: SegmentLayout.Offset.heartbeat).load() }

    /// Nil if the owner wrote something that is no state.
    public var state: SegmentState? {
        unsafe SegmentState(rawValue: mapping.start.word(at: SegmentLayout.Offset.state).loadAcquiring())
    }
}
