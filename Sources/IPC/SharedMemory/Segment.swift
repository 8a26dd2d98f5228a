import CSharedMemory
import Glibc

/// A segment of shared memory that this process owns and writes; nobody else can map it for writing.
///
/// Either an anonymous file whose descriptor is handed over, sealed against shrinking, growing and later
/// writable maps, or a file of mode 0600. It is made in the state `building`, laid out by the types that
/// write its sections, and shown to others by `goLive`. Core dumps leave it out.
@safe
public final class Segment: @unchecked Sendable {
    // Proof: its fields never change; heartbeat and state are single atomic words.
    public let plan: SegmentPlan
    public let generation: UInt64
    public let owner: ProcessIdentity
    /// Where other processes find it; nil for an anonymous segment.
    public let path: String?
    private let mapping: SharedMapping

    /// An anonymous segment.
    ///
    /// - Throws: `SegmentError.system` if memory or descriptors are short.
    public static func anonymous(_ plan: SegmentPlan) throws(SegmentError) -> Segment {
        let descriptor = unsafe cshared_create_anonymous("attune-\(plan.name)")
        guard descriptor >= 0 else { throw .system(.create, code: -descriptor) }
        let segment = try Segment(plan, descriptor: descriptor, path: nil)
        // After this process's own map: from here on no other writable one can be made.
        let sealed = cshared_seal(descriptor)
        guard sealed >= 0 else { throw .system(.seal, code: -sealed) }
        return segment
    }

    /// The segment `DIRECTORY/NAME.segment`, which replaces an earlier one when it goes live.
    ///
    /// The directory is made, with mode 0700, if it is missing. One process at a time may own a name in it.
    ///
    /// - Throws: `SegmentError.system` if the disk is full or the directory refuses.
    public static func file(_ plan: SegmentPlan, in directory: String) throws(SegmentError) -> Segment {
        guard unsafe mkdir(directory, S_IRWXU) == 0 || errno == EEXIST
        else { throw .system(.makeDirectory, code: errno) }
        let path = "\(directory)/\(plan.name).segment"
        // What a killed owner left behind.
        unsafe unlink(buildingPath(path))
        let descriptor = unsafe cshared_create_file(buildingPath(path))
        guard descriptor >= 0 else { throw .system(.create, code: -descriptor) }
        do throws(SegmentError) {
            return try Segment(plan, descriptor: descriptor, path: path)
        } catch {
            unsafe unlink(buildingPath(path))
            throw error
        }
    }

    private static func buildingPath(_ path: String) -> String { "\(path).building" }

    private init(_ plan: SegmentPlan, descriptor: Int32, path: String?) throws(SegmentError) {
        guard let owner = ProcessIdentity.current(), let boot = BootIdentity.current() else {
            close(descriptor)
            throw .system(.readProcess, code: errno)
        }
        let reserved = cshared_reserve(descriptor, plan.bytes)
        guard reserved >= 0 else {
            close(descriptor)
            throw .system(.reserve, code: -reserved)
        }
        mapping = try SharedMapping(descriptor: descriptor, bytes: plan.bytes, writable: true)
        self.plan = plan
        self.path = path
        self.owner = owner
        generation = SharedClock.unixNanoseconds()
        let page = SegmentHeader.page(plan, generation: generation, boot: boot, owner: owner)
        unsafe page.withUnsafeBytes {
            unsafe mapping.start.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        heartbeat()
    }

    /// To be sent to readers; it is closed with the segment.
    public var descriptor: Int32 { mapping.descriptor }

    public var bytes: UInt64 { plan.bytes }

    /// The section of that kind and index; nil if the plan has none.
    public func section(_ kind: SectionKind, _ index: UInt32 = 0) -> WritableSection? {
        plan.sections.first { $0.plan.kind == kind && $0.plan.index == index }.map {
            WritableSection(mapping: mapping, descriptor: $0, generation: generation)
        }
    }

    /// Tells readers that the owner lives; due once a second, from any thread.
    public func heartbeat() {
        unsafe mapping.start.word(at: SegmentLayout.Offset.heartbeat).store(
            SharedClock.monotonicNanoseconds())
    }

    /// Shows the segment to others: what was laid out before is seen by who sees it live.
    ///
    /// - Throws: `SegmentError.system` if the file can't be renamed into its place.
    public func goLive() throws(SegmentError) {
        unsafe mapping.start.word(at: SegmentLayout.Offset.state).storeReleasing(SegmentState.live.rawValue)
        guard let path else { return }
        guard unsafe rename(Self.buildingPath(path), path) == 0 else { throw .system(.rename, code: errno) }
    }

    /// Tells readers that no more will be written, and takes a segment with a path out of its directory.
    public func retire() {
        unsafe mapping.start.word(at: SegmentLayout.Offset.state).storeReleasing(
            SegmentState.retired.rawValue)
        if let path, isAt(path) { unsafe unlink(path) }
    }

    /// True if `path` still leads to this segment's file, not to a successor's.
    private func isAt(_ path: String) -> Bool {
        var own = stat()
        var found = stat()
        return unsafe fstat(descriptor, &own) == 0 && lstat(path, &found) == 0
            && own.st_ino == found.st_ino && own.st_dev == found.st_dev
    }
}
