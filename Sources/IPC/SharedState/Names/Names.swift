import Synchronization

/// Gives texts short numbers that mean the same to every process, as long as the table lives.
///
/// May be called from every thread; a name that is known costs a look-up without a lock. The table holds the
/// names and bounds them: those of servers, tools, principals and methods are pinned, a bounded number of
/// each; a session's may be evicted when nobody asks for it, and has another id when it comes back.
public final class Names: Sendable {
    public let table: StateTable
    private let last = Atomic<UInt32>(0)
    /// How many names of each kind are pinned, by raw value.
    private let pinned = Mutex<[Int]>(Array(repeating: 0, count: NameKind.allCases.count + 1))
    /// So often two threads may meet on one new name.
    private static let mostTries = 4

    public init(table: StateTable) { self.table = table }

    /// The id of a name, always the same for the same kind and text while the name is kept.
    ///
    /// - Returns: 0, which stands for none, if there is no room, or as many of the kind are pinned as may be.
    public func id(_ kind: NameKind, _ text: String) -> UInt32 {
        unsafe NameEntry.with(kind, text) { value, key in
            for _ in 0..<Self.mostTries {
                if let known = known(key) {
                    guard kind.isPinned || table.contains(NameEntry.key(known)) else {
                        return unsafe publish(known, value, isPinned: false) ? known : 0
                    }
                    return known
                }
                switch unsafe add(kind, value, key) {
                case .added(let id): return id
                case .refused: return 0
                case .metAnother: break
                }
            }
            return 0
        }
    }

    private enum Addition {
        case added(UInt32)
        case refused
        /// Another thread gave the name an id at the same moment.
        case metAnother
    }

    private func known(_ key: BorrowedKey) -> UInt32? {
        table.counter(key).map { UInt32(truncatingIfNeeded: $0.value) }
    }

    private func add(_ kind: NameKind, _ value: UnsafeRawBufferPointer, _ key: BorrowedKey) -> Addition {
        guard !kind.isPinned || reserve(kind) else { return .refused }
        // The first entry comes first: whoever finds the id finds the text.
        guard let id = nextID(), unsafe publish(id, value, isPinned: kind.isPinned) else {
            giveBack(kind)
            return .refused
        }
        var bytes = UInt64(id).littleEndian
        let outcome = unsafe withUnsafeBytes(of: &bytes) { bytes in
            unsafe try? table.compareAndSwap(key, expected: 0, bytes.bytes, isPinned: kind.isPinned)
        }
        if case .swapped = outcome { return .added(id) }
        table.remove(NameEntry.key(id))
        giveBack(kind)
        return outcome == nil ? .refused : .metAnother
    }

    private func publish(_ id: UInt32, _ value: UnsafeRawBufferPointer, isPinned: Bool) -> Bool {
        (try? unsafe table.set(NameEntry.key(id), value.bytes, isPinned: isPinned)) != nil
    }

    /// `nil` when all have been given; none is ever given twice.
    private func nextID() -> UInt32? {
        var current = last.load(ordering: .relaxed)
        while current < UInt32.max {
            let (exchanged, original) = last.weakCompareExchange(
                expected: current, desired: current + 1, ordering: .relaxed)
            if exchanged { return current + 1 }
            current = original
        }
        return nil
    }

    private func reserve(_ kind: NameKind) -> Bool {
        pinned.withLock { counts in
            guard counts[Int(kind.rawValue)] < kind.mostPinned else { return false }
            counts[Int(kind.rawValue)] += 1
            return true
        }
    }

    private func giveBack(_ kind: NameKind) {
        guard kind.isPinned else { return }
        pinned.withLock { $0[Int(kind.rawValue)] -= 1 }
    }
}
