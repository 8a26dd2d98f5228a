import CSharedMemory

/// What a thread does between two looks at a word that another is about to change.
public enum SpinWait {
    /// Leaves the core to its other hardware thread for a moment (about 40 cycles on x86).
    @inlinable @inline(__always)
    public static func pause() { cshared_pause() }
}
