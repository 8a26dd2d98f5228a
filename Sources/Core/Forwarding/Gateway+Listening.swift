import Identifiers
import Sessions

// What legacy servers announce on the links of one principal's modern clients; callable on any loop.
extension Gateway {
    /// What a server says within this time, on one link or on several, is passed on once.
    private static let ownChangesMilliseconds = 50

    /// A client listens for changes of lists: as long as it does, its principal's links hear their servers.
    func hearLists(for listener: Listener) {
        let principal = listener.principal
        if listening.insert(principal) { updateLinks(of: principal) }
        listener.whenEnded { [weak self] in
            if let self, self.listening.remove(principal) { self.updateLinks(of: principal) }
        }
    }

    private func updateLinks(of principal: Principal) {
        for hub in view.allHubs {
            for link in hub.links.links(of: principal) { hearLists(on: link, for: principal) }
        }
    }

    /// Keeps the link's stream open while a client of the principal listens.
    func hearLists(on link: UpstreamLink, for principal: Principal) {
        // Asked when its turn comes, so that what was decided last holds.
        link.hear(for: .lists) { [weak self] in self?.listening.contains(principal) ?? false }
    }

    /// A server announced on a principal's own link that a list has changed: maybe only there.
    func listChanged(_ method: Method, of server: String, for principal: Principal) {
        guard listening.note(ListChanges(method, of: server), for: principal) else { return }
        let loops = self.loops
        _ = loops[0].loop.schedule(after: .milliseconds(Self.ownChangesMilliseconds)) { [weak self] in
            guard let changes = self?.listening.takeChanges(for: principal) else { return }
            for loop in loops { loop.run { loop.streams.pass(changes, loop.view, to: principal, loop.now) } }
        }
    }
}
