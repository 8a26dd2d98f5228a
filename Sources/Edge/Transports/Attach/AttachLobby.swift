import NIOCore
import NIOSSL

/// The clients of the control socket. Confined to its loop.
final class AttachLobby {
    let limits: AttachLimits
    let host: any AttachHost
    let eventLoop: any EventLoop
    private let tls: MutualTLS
    private let allowed: [AttachRole: Set<String>]
    private var connections: [UInt64: AttachServerConnection] = [:]
    private var lastID: UInt64 = 0
    private var isClosed = false

    init(
        _ tls: MutualTLS, _ allowed: [AttachRole: Set<String>], _ limits: AttachLimits,
        _ host: any AttachHost,
        _ eventLoop: any EventLoop
    ) {
        self.tls = tls
        self.allowed = allowed
        self.limits = limits
        self.host = host
        self.eventLoop = eventLoop
    }

    /// The names of which a client's certificate has to have one.
    func names(for role: AttachRole) -> Set<String> { allowed[role] ?? [] }

    subscript(id: UInt64) -> AttachServerConnection? { connections[id] }

    var count: Int { connections.count }

    /// Adds the handlers to a channel that was just accepted, or closes it.
    func accept(_ channel: any Channel, _ credentials: PeerCredentials) throws {
        guard credentials.isOwnUser else {
            let refusal = AttachRefusal(.wrongUser, "a process of user \(credentials.user)")
            host.turnedAway(.refused(refusal, processID: credentials.processID))
            return channel.close(promise: nil)
        }
        guard connections.count < limits.maxConnections, !isClosed else {
            host.turnedAway(.tooManyConnections(processID: credentials.processID))
            return channel.close(promise: nil)
        }
        lastID += 1
        let connection = AttachServerConnection(lastID, credentials, self)
        let lines = AttachChannel(
            maxLineBytes: limits.maxLineBytes, timeout: limits.requestTimeout
        ) { connection.handle($0) }
        try channel.syncOptions?.setOption(
            .writeBufferWaterMark, value: .init(low: limits.maxUnreadBytes / 2, high: limits.maxUnreadBytes))
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
        try pipeline.addHandler(lines)
        connections[lastID] = connection
        connection.begin(on: lines)
    }

    func forget(_ id: UInt64) { connections[id] = nil }

    func close() {
        isClosed = true
        for connection in connections.values { connection.close() }
    }
}
