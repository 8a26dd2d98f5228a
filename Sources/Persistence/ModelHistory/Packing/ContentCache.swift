import Synchronization

/// The contents of objects that were read or written last, so that the next version needs no chain of deltas
/// to be read; bounded.
final class ContentCache: Sendable {
    private struct State {
        var contents: [ObjectID: [UInt8]] = [:]
        /// The one that was used longest ago first.
        var order: [ObjectID] = []
        var bytes = 0
    }

    private static let mostObjects = 256
    private let mostBytes: Int
    private let state = Mutex(State())

    init(mostBytes: Int) { self.mostBytes = mostBytes }

    subscript(id: ObjectID) -> [UInt8]? {
        state.withLock { state in
            guard let content = state.contents[id] else { return nil }
            if let place = state.order.firstIndex(of: id) { state.order.remove(at: place) }
            state.order.append(id)
            return content
        }
    }

    func keep(_ content: [UInt8], as id: ObjectID) {
        guard content.count <= mostBytes else { return }
        state.withLock { state in
            guard state.contents[id] == nil else { return }
            state.contents[id] = content
            state.order.append(id)
            state.bytes += content.count
            while state.bytes > mostBytes || state.order.count > Self.mostObjects {
                let oldest = state.order.removeFirst()
                state.bytes -= state.contents.removeValue(forKey: oldest)?.count ?? 0
            }
        }
    }

    func forget(_ id: ObjectID) {
        state.withLock { state in
            guard let content = state.contents.removeValue(forKey: id) else { return }
            state.bytes -= content.count
            state.order.removeAll { $0 == id }
        }
    }
}
