/// A byte string that is a key for the time of a call.
@safe
struct BorrowedKey: StateKey {
    let bytes: UnsafeRawBufferPointer

    func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result {
        unsafe body(EntryKey(bytes: unsafe bytes, seed: seed))
    }
}
