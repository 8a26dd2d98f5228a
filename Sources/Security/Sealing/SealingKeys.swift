import Foundation
import Synchronization

/// The key ring of a running process, which all its stores share: a new key is used by all from then on.
public final class SealingKeys: Sendable {
    private struct State {
        var ring: KeyRing
        var nextLook: ContinuousClock.Instant
        var changed: (@Sendable () -> Void)?
    }

    /// Between two looks at where the ring is kept.
    private static let period = Duration.seconds(1)

    private let state: Mutex<State>
    private let look: (@Sendable () -> KeyRing?)?

    /// - Parameter look: gives the ring as it is kept now, nil if it did not change; called at most once a
    ///   second, on a thread that reads or tends a store.
    public init(_ ring: KeyRing, look: (@Sendable () -> KeyRing?)? = nil) {
        state = Mutex(State(ring: ring, nextLook: .now + Self.period))
        self.look = look
    }

    public var ring: KeyRing { state.withLock { $0.ring } }

    /// Calls back when there are other keys than before.
    public func onChange(_ call: @escaping @Sendable () -> Void) { state.withLock { $0.changed = call } }

    var current: DataKey { state.withLock { $0.ring.current } }

    /// Takes a later ring.
    ///
    /// - Returns: false, and keeps what there is, for a ring that lacks some of its keys, as an old copy
    ///   does.
    @discardableResult public func use(_ ring: KeyRing) -> Bool {
        let (isTaken, changed) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard ring.continues(state.ring) else { return (false, nil) }
            let isNew = ring != state.ring
            state.ring = ring
            return (true, isNew ? state.changed : nil)
        }
        changed?()
        return isTaken
    }

    /// Looks whether there are new keys.
    func refresh() {
        guard let look else { return }
        let isDue = state.withLock { state in
            guard ContinuousClock.now >= state.nextLook else { return false }
            state.nextLook = .now + Self.period
            return true
        }
        if isDue, let ring = look() { use(ring) }
    }

    /// - Returns: nil if there is no such key, not even in what is kept now.
    func key(epoch: UInt32, id: ArraySlice<UInt8>) -> DataKey? {
        if let found = state.withLock({ $0.ring.key(epoch: epoch, id: id) }) { return found }
        refresh()
        return state.withLock { $0.ring.key(epoch: epoch, id: id) }
    }
}
