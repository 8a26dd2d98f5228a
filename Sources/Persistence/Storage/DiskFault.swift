/// What can go wrong in one operation of a disk in memory.
public enum DiskFault: Hashable, Sendable {
    /// So many bytes are written, then the call fails; none for other operations than writing.
    case shortWrite(bytes: Int)
    /// The disk is full: nothing is written.
    case noSpace
    /// The device fails: what was written before and not synced may or may not be there.
    case inputOutput
    /// The process is killed before the operation, and all later ones are not made.
    case kill
}
