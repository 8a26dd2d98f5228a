import Sessions

/// Processes of a legacy server that were started ahead of the clients that will use them. Confined to the
/// hub's home loop, but for `take`, which hands out only spares of the asking loop.
final class SpareProcesses: @unchecked Sendable {
    // Proof of Sendable: all methods run on the hub's home loop.
    private unowned let hub: ServerHub
    private var ready: [Spare] = []
    private var starting = 0
    private var isDraining = false

    init(hub: ServerHub) { self.hub = hub }

    /// Starts as many as the configuration asks for and are missing.
    func fill() {
        guard hub.plan.transport == .process, hub.current.facts?.era == .legacy, !hub.plan.isShared else {
            return
        }
        while !isDraining, ready.count + starting < hub.plan.prewarm {
            starting += 1
            let spare = Spare()
            spare.onClosed = { [weak self, weak spare] in self?.ready.removeAll { $0 === spare } }
            hub.launcher.launch(on: hub.home.loop, receiver: spare) { [weak self] result in
                guard let self else { return }
                self.starting -= 1
                guard case .success(let channel) = result else { return }
                guard !self.isDraining, !spare.isClosed else { return channel.terminate() }
                spare.channel = channel
                self.ready.append(spare)
            }
        }
    }

    /// Hands a spare's streams over to `link`.
    func take(for link: UpstreamLink) -> (any ProcessChannel & Sendable)? {
        guard let spare = ready.popLast(), let channel = spare.channel else { return nil }
        spare.target = link
        fill()
        return channel
    }

    func drain() {
        isDraining = true
        for spare in ready { spare.channel?.terminate() }
        ready = []
    }
}

/// Receives for a process until a link takes it over, and passes everything on to that link from then on.
private final class Spare: LineReceiver, @unchecked Sendable {
    // Proof of Sendable: confined to the loop of its channel.
    var channel: (any ProcessChannel & Sendable)?
    var target: UpstreamLink?
    var onClosed: (() -> Void)?
    private(set) var isClosed = false

    func received(_ line: [UInt8]) { target?.received(line) }
    func skippedOversizedLine() { target?.skippedOversizedLine() }
    func becameWritable() { target?.becameWritable() }

    func closed() {
        isClosed = true
        if let target { return target.closed() }
        // The process may have closed its streams without ending.
        channel?.terminate()
        onClosed?()
    }
}
