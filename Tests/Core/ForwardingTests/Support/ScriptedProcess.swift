import Sessions

/// Starts processes of a scripted server.
final class ScriptedLauncher: ProcessLauncher, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let server: ScriptedServer

    init(_ server: ScriptedServer) { self.server = server }

    func launch(
        on loop: any Loop, receiver: any LineReceiver & Sendable,
        completion: @escaping @Sendable (Result<any ProcessChannel & Sendable, LaunchFailure>) -> Void
    ) {
        let server = self.server
        loop.execute {
            server.launches += 1
            if let failure = server.launchFailure { return completion(.failure(failure)) }
            guard server.isUp else { return completion(.failure(.commandNotFound(server.name))) }
            let process = ScriptedProcess(server, loop, receiver)
            server.processes.append(process)
            completion(.success(process))
        }
    }
}

/// One process of a scripted server and its standard streams.
final class ScriptedProcess: ProcessChannel, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let server: ScriptedServer
    let loop: any Loop
    let peer = ScriptedServer.Peer()
    let processID: Int32
    var standardErrorTail: [String] { ["last words"] }
    var isWritable = true
    /// Ended, or told to end.
    private(set) var isTerminated = false
    private var receiver: (any LineReceiver & Sendable)?

    init(_ server: ScriptedServer, _ loop: any Loop, _ receiver: any LineReceiver & Sendable) {
        self.server = server
        self.loop = loop
        self.receiver = receiver
        processID = Int32(1000 + server.launches)
        peer.unasked = { [weak self] in self?.say($0) }
    }

    func write(_ message: [UInt8]) {
        if !loop.isCurrent { server.protocolErrors.append("a line written from another loop") }
        if message.contains(10) { server.protocolErrors.append("a line end inside a message") }
        loop.execute {
            guard !self.isTerminated else { return }
            self.server.take(
                JSON.object(message), self.peer, nil, reply: { self.say($0) }, notify: { self.say($0) })
        }
    }

    func say(_ message: JSONObject) {
        let bytes = JSON.bytes(message)
        loop.execute { if !self.isTerminated { self.receiver?.received(bytes) } }
    }

    func pauseReading(_ paused: Bool) {}
    func close() { terminate() }
    func terminate() {
        if !loop.isCurrent { server.protocolErrors.append("a process ended from another loop") }
        exit()
    }

    /// The process ends.
    func exit() {
        guard !isTerminated else { return }
        isTerminated = true
        server.held.removeAll { $0.peer === peer }
        loop.execute {
            let receiver = self.receiver
            self.receiver = nil
            receiver?.closed()
        }
    }

    /// The process closes its streams and lives on.
    func closeStreams() {
        loop.execute {
            let receiver = self.receiver
            self.receiver = nil
            receiver?.closed()
        }
    }
}
