import Configuration
import Foundation
import Identifiers
import Identity
import Sealing
import Storage
import Synchronization

/// The keys of a data directory's stores in a process, as `[persistence] encrypt` and `key` say, or as the
/// gateway hands them to the learner that it starts.
package final class StoreKeys: Sendable {
    private enum Origin {
        case configuration(GatewayConfiguration, environment: [String: String], creates: Bool)
        /// Keys that somebody gives, now or later.
        case given
    }

    private struct State {
        var keys: SealingKeys?
        /// Whether it was said that values are not sealed.
        var isPlain = false
        var signature: [UInt64]?
        var nextLook = ContinuousClock.now
        var changed: [@Sendable () -> Void] = []
    }

    /// After a ring that can't be read: its key may have to be asked for.
    private static let pause = Duration.seconds(30)

    private let origin: Origin
    private let state = Mutex(State())
    /// What kept the ring from being read when it was looked at last, and since when. By itself, since the
    /// keys' state is locked for as long as a ring is made.
    private let problem = Mutex<(KeyFault, sinceMicroseconds: UInt64)?>(nil)

    /// - Parameter creates: whether a ring, and its key's file, are made for a data directory that has none.
    package init(
        _ configuration: GatewayConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment, creates: Bool
    ) {
        origin = .configuration(configuration, environment: environment, creates: creates)
        state.withLock { $0.isPlain = !configuration.persistence.encrypt }
    }

    /// With keys that are given; nil for those that are handed over later.
    package init(_ keys: SealingKeys?) {
        origin = .given
        state.withLock { $0.keys = keys }
    }

    /// Why new keys can't be read, and since when; nil if they can.
    package var fault: (KeyFault, sinceMicroseconds: UInt64)? {
        problem.withLock { $0 }
    }

    /// Calls back when there are other keys than before, beside those that are called already.
    func onChange(_ call: @escaping @Sendable () -> Void) { state.withLock { $0.changed.append(call) } }

    /// The keys, read when they are first asked for.
    ///
    /// - Returns: nil if values are not sealed: since that is configured, or, where nothing is to be made,
    ///   since the data directory never had keys.
    package func sealing() throws(KeyFault) -> SealingKeys? {
        let (keys, isNew) = try state.withLock { state throws(KeyFault) in
            if state.isPlain { return (nil as SealingKeys?, false) }
            if let keys = state.keys { return (keys, false) }
            guard case .configuration(let configuration, _, let creates) = origin else {
                throw .awaited
            }
            let file = KeyRingFile(configuration)
            guard file.isThere || creates else { return (nil, false) }
            let signature = file.signature
            let ring = try file.isThere ? (creates ? withoutSpentAdoptions() : read()) : make()
            let keys = SealingKeys(ring) { [weak self] in self?.look() }
            keys.onChange { [weak self] in self?.tellChange() }
            state.keys = keys
            state.signature = signature
            return (keys, true)
        }
        if isNew { tellChange() }
        return keys
    }

    /// For those who write: values are never left unsealed for want of a key.
    func forWriting() throws(StorageError) -> SealingKeys? {
        let keys = try forReading()
        guard keys != nil || state.withLock({ $0.isPlain }) else { throw .key(.awaited) }
        return keys
    }

    func forReading() throws(StorageError) -> SealingKeys? {
        do throws(KeyFault) { return try sealing() } catch { throw .key(error) }
    }

    /// What is wrong with a sealed store if there are no keys.
    func refusal(of store: String) -> StorageError {
        guard case .configuration(let configuration, _, _) = origin, configuration.persistence.encrypt else {
            return .foreign(path: store, .sealed)
        }
        return .key(.missingRing(path: KeyRingFile(configuration).path, store: store))
    }

    private func tellChange() { for call in state.withLock({ $0.changed }) { call() } }

    // MARK: Between processes

    /// A line for the learner's process; nil while there are no keys to hand over.
    var handover: [UInt8]? {
        guard let keys = try? sealing() else {
            return state.withLock({ $0.isPlain }) ? Array("keys -\n".utf8) : nil
        }
        return Array("keys \(Data(keys.ring.plain).base64EncodedString())\n".utf8)
    }

    /// Takes what `handover` gave; anything else is left.
    func take(_ line: some StringProtocol) {
        guard line.hasPrefix("keys ") else { return }
        let text = line.dropFirst("keys ".count)
        guard text != "-" else { return state.withLock { $0.isPlain = true } }
        guard let data = Data(base64Encoded: String(text)), let ring = KeyRing(plain: Array(data)) else {
            return
        }
        state.withLock { state in
            if let keys = state.keys { keys.use(ring) } else { state.keys = SealingKeys(ring) }
        }
    }

    /// Waits until keys were taken, or until it was said that there are none.
    func arrive(atMost patience: Duration) async {
        let deadline = ContinuousClock.now.advanced(by: patience)
        while ContinuousClock.now < deadline, state.withLock({ $0.keys == nil && !$0.isPlain }) {
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    // MARK: The ring

    private func read() throws(KeyFault) -> KeyRing {
        guard case .configuration(let configuration, let environment, _) = origin else { throw .awaited }
        let source = KeySource(configuration, environment: environment)
        return try KeyRingFile(configuration).open(with: try source.keys(creates: false)).ring
    }

    /// Ends the leave to seal the values of some stores, which are sealed now. Where that can't be written it
    /// holds in this process, and the next start tries again.
    func spend(_ stores: Set<String>) {
        guard case .configuration(let configuration, let environment, _) = origin,
            let keys = state.withLock({ $0.keys })
        else { return }
        var ring = keys.ring
        guard !ring.adopts.isDisjoint(with: stores) else { return }
        ring.adopts.subtract(stores)
        keys.use(ring)
        try? Self.write(without: stores, configuration, environment)
    }

    private static func write(
        without stores: Set<String>, _ configuration: GatewayConfiguration, _ environment: [String: String]
    ) throws(KeyFault) {
        let file = KeyRingFile(configuration)
        try file.locked { () throws(KeyFault) in
            let keys = try KeySource(configuration, environment: environment).keys(creates: false)
            var (ring, index) = try file.open(with: keys)
            ring.adopts.subtract(stores)
            try file.write(ring, under: keys[index])
        }
    }

    /// The ring, without leave for stores that another process has sealed since, as the learner its own.
    private func withoutSpentAdoptions() throws(KeyFault) -> KeyRing {
        var ring = try read()
        guard !ring.adopts.isEmpty,
            case .configuration(let configuration, let environment, _) = origin
        else { return ring }
        let spent = ring.adopts.intersection(DataStore.sealed(configuration))
        guard !spent.isEmpty else { return ring }
        ring.adopts.subtract(spent)
        try? Self.write(without: spent, configuration, environment)
        return ring
    }

    private func make() throws(KeyFault) -> KeyRing {
        guard case .configuration(let configuration, let environment, _) = origin else { throw .awaited }
        let file = KeyRingFile(configuration)
        return try file.locked { () throws(KeyFault) in
            guard !file.isThere else { return try read() }
            // Looked at first: a key that was lost is not to be covered up by a new one.
            let adopts = try DataStore.unsealed(configuration, expectsSealed: false)
            let source = KeySource(configuration, environment: environment)
            let keys = try source.keys(creates: true)
            Failpoint.keysMade.pass()
            let ring = KeyRing(createdMicroseconds: WallClock.microseconds, adopts: adopts)
            try file.write(ring, under: keys[0])
            return ring
        }
    }

    /// The ring as its file holds it now; nil if that did not change, or can't be read.
    private func look() -> KeyRing? {
        guard case .configuration(let configuration, _, _) = origin else { return nil }
        let signature = KeyRingFile(configuration).signature
        let isNews = state.withLock { $0.signature != signature && ContinuousClock.now >= $0.nextLook }
        guard isNews, signature != nil else { return nil }
        do throws(KeyFault) {
            let ring = try read()
            problem.withLock { $0 = nil }
            state.withLock { $0.signature = signature }
            return ring
        } catch {
            problem.withLock { $0 = (error, $0?.sinceMicroseconds ?? WallClock.microseconds) }
            state.withLock { $0.nextLook = .now + Self.pause }
            return nil
        }
    }
}
