/// What a write gives an entry, besides its key.
@safe
struct NewValue {
    /// Borrowed for the call.
    var bytes: UnsafeRawBufferPointer
    /// CLOCK_MONOTONIC in nanoseconds; 0 for never.
    var expiry: UInt64
    var isPinned: Bool
}
