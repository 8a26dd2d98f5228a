import Identity
import Transports

/// Who is attached, and with which tokens: the rules of attaching as a value. Clock and randomness are passed
/// in; instants are readings of one monotonic clock.
struct AttachmentTable {
    /// What a token was good for.
    enum Redemption: Equatable {
        /// The client's first: its own segment comes with it.
        case handOver(AttachPeer, AttachGrant?)
        /// The client is attached and fetches the segments anew.
        case fetch(AttachPeer)
    }

    private enum Phase: Equatable {
        case offered, handingOver, attached
        /// Its connection closed while it was handing over.
        case lost
    }

    private struct Attachment {
        let peer: AttachPeer
        let grant: AttachGrant?
        var phase: Phase
    }

    private var tokens: OneTimeTokens<AttachPeer.ID>
    private var attachments: [AttachPeer.ID: Attachment] = [:]

    init(tokens: OneTimeTokens<AttachPeer.ID> = OneTimeTokens()) { self.tokens = tokens }

    var lifetime: Duration { tokens.lifetime }

    var attached: [AttachPeer] {
        attachments.values.filter { $0.phase == .attached }.map(\.peer).sorted { $0.id < $1.id }
    }

    /// - Returns: the token of a client that may attach; nil while too many are alive.
    mutating func offer(
        _ peer: AttachPeer, _ grant: AttachGrant?, at now: Duration,
        using random: inout some RandomNumberGenerator
    ) -> String? {
        guard let token = tokens.issue(for: peer.id, at: now, using: &random) else { return nil }
        attachments[peer.id] = Attachment(peer: peer, grant: grant, phase: .offered)
        return token
    }

    /// Another token for a client that is here already.
    mutating func renew(
        _ peer: AttachPeer.ID, at now: Duration, using random: inout some RandomNumberGenerator
    ) -> String? {
        guard attachments[peer]?.phase == .attached else { return nil }
        return tokens.issue(for: peer, at: now, using: &random)
    }

    mutating func redeem(_ token: [UInt8], at now: Duration) -> Redemption? {
        guard let id = tokens.redeem(token, at: now), let found = attachments[id] else { return nil }
        switch found.phase {
        case .offered:
            attachments[id]?.phase = .handingOver
            return .handOver(found.peer, found.grant)
        case .attached: return .fetch(found.peer)
        case .handingOver, .lost: return nil
        }
    }

    /// Records that a hand-over ended well.
    ///
    /// - Returns: false if the client is gone meanwhile: its end is to be told now.
    mutating func settle(_ peer: AttachPeer.ID) -> Bool {
        guard attachments[peer]?.phase == .handingOver else {
            attachments[peer] = nil
            return false
        }
        attachments[peer]?.phase = .attached
        return true
    }

    /// Records that a hand-over was refused; the client's connection is to be closed.
    ///
    /// - Returns: false if it is closed already: its end is to be told now.
    mutating func refuse(_ peer: AttachPeer.ID) -> Bool {
        guard attachments[peer]?.phase == .handingOver else {
            attachments[peer] = nil
            return false
        }
        attachments[peer]?.phase = .offered
        tokens.revoke(peer)
        return true
    }

    /// Records that a client's connection closed.
    ///
    /// - Returns: whether its end is to be told now, and whether it was attached.
    mutating func close(_ peer: AttachPeer.ID) -> (isDue: Bool, wasAttached: Bool) {
        tokens.revoke(peer)
        guard let found = attachments[peer] else { return (false, false) }
        if found.phase == .handingOver {
            attachments[peer]?.phase = .lost
            return (false, false)
        }
        attachments[peer] = nil
        return (true, found.phase == .attached)
    }

    /// Tokens for all that are attached, with which they fetch the segments anew.
    mutating func announce(
        except own: AttachPeer.ID?, at now: Duration, using random: inout some RandomNumberGenerator
    ) -> [(AttachPeer.ID, String)] {
        attached.filter { $0.id != own }.compactMap { peer in
            tokens.issue(for: peer.id, at: now, using: &random).map { (peer.id, $0) }
        }
    }
}
