import CSharedMemory
import Identifiers
import SharedMemory

/// What can be asked of a table, by its owner and by everyone else.
public protocol StateReading: Sendable {
    /// Calls `use` with the value of a key in place and its version; `nil` if there is none.
    ///
    /// The bytes may change while `use` looks at them, and are known to have been whole only when the call
    /// returns something: `use` must not trap on any content, and is called again when the entry changed.
    ///
    /// - Parameter now: what counts as the present for entries that expire; else the clock is read for those.
    func read<Result>(
        _ key: some StateKey, now: MonotonicTime?, _ use: (_ value: RawSpan, _ version: UInt64) -> Result
    ) -> Result?
}

extension StateReading {
    @inlinable @inline(__always)
    public func read<Result>(
        _ key: some StateKey, _ use: (_ value: RawSpan, _ version: UInt64) -> Result
    ) -> Result? {
        read(key, now: nil, use)
    }

    /// The value of a key, copied, with its version; `nil` if there is none.
    @inlinable
    public func value(_ key: some StateKey, now: MonotonicTime? = nil) -> VersionedBytes? {
        read(key, now: now) { value, version in
            unsafe value.withUnsafeBytes { unsafe VersionedBytes(copying: $0, version: version) }
        }
    }

    /// Copies the value of a key into `target`, as far as there is room.
    ///
    /// - Returns: the length of the whole value, and its version; `nil` if there is none.
    @inlinable @inline(__always)
    public func copyValue(
        _ key: some StateKey, into target: UnsafeMutableRawBufferPointer, now: MonotonicTime? = nil
    ) -> (byteCount: Int, version: UInt64)? {
        read(key, now: now) { value, version in
            unsafe value.withUnsafeBytes { value in
                guard let from = value.baseAddress, let to = target.baseAddress else { return }
                unsafe cshared_copy_racing(to, from, min(value.count, target.count))
            }
            return (value.byteCount, version)
        }
    }

    /// The counter of a key, with its version; `nil` if there is none or the value has not eight bytes.
    @inlinable @inline(__always)
    public func counter(_ key: some StateKey, now: MonotonicTime? = nil) -> VersionedCounter? {
        let found: VersionedCounter?? = read(key, now: now) { value, version in
            guard value.byteCount == 8 else { return nil }
            return unsafe value.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return nil }
                let word = unsafe UInt64(littleEndian: start.word(at: 0).load())
                return VersionedCounter(value: Int64(bitPattern: word), version: version)
            }
        }
        return found ?? nil
    }

    @inlinable
    public func contains(_ key: some StateKey, now: MonotonicTime? = nil) -> Bool {
        read(key, now: now) { _, _ in true } ?? false
    }
}
