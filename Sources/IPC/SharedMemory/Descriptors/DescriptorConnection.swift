import Glibc

/// One client of a descriptor socket: its token is gathered, then its answer sent. Confined to its thread.
struct DescriptorConnection {
    enum Progress {
        case waiting
        case request(DescriptorRequest)
        case done
    }

    private enum Phase {
        case gathering(token: [UInt8], descriptor: SharedDescriptor?)
        case answering(bytes: [UInt8], sent: Int, descriptors: [SharedDescriptor])
    }

    let socket: SharedDescriptor
    /// Nanoseconds of the monotonic clock.
    let deadline: UInt64
    private let processID: Int32
    private var phase = Phase.gathering(token: [], descriptor: nil)

    init(_ socket: SharedDescriptor, processID: Int32, deadline: UInt64) {
        self.socket = socket
        self.processID = processID
        self.deadline = deadline
    }

    /// What `poll` waits for.
    var events: Int16 {
        switch phase {
        case .gathering: Int16(POLLIN)
        case .answering: Int16(POLLOUT)
        }
    }

    mutating func answer(_ message: DescriptorMessage) {
        phase = .answering(bytes: message.framed, sent: 0, descriptors: message.descriptors)
    }

    /// Goes on as far as the socket allows without waiting.
    mutating func advance() throws(DescriptorFault) -> Progress {
        switch phase {
        case .gathering(let token, let descriptor): try gather(token, descriptor)
        case .answering(let bytes, let sent, let descriptors): try send(bytes, sent, descriptors)
        }
    }

    private mutating func gather(
        _ token: [UInt8], _ descriptor: SharedDescriptor?
    ) throws(DescriptorFault) -> Progress {
        // One byte more than a token has, so that a longer message is found out.
        let room = DescriptorRequest.tokenBytes + 1 - token.count
        guard case .message(let bytes, let descriptors) = try received(upTo: room) else { return .waiting }
        let held = (descriptor.map { [$0] } ?? []) + descriptors
        guard held.count <= 1 else { throw .wrongCount(expected: 1, received: held.count) }
        let gathered = token + bytes
        guard gathered.count <= DescriptorRequest.tokenBytes else {
            throw .messageTooLong(bytes: gathered.count)
        }
        phase = .gathering(token: gathered, descriptor: held.first)
        guard gathered.count == DescriptorRequest.tokenBytes else { return .waiting }
        return .request(DescriptorRequest(token: gathered, descriptor: held.first, processID: processID))
    }

    private func received(upTo room: Int) throws(DescriptorFault) -> DescriptorPipe.Received {
        let received = try DescriptorPipe.receive(socket, upTo: room)
        if case .ended = received { throw .closed }
        return received
    }

    private mutating func send(
        _ bytes: [UInt8], _ sent: Int, _ descriptors: [SharedDescriptor]
    ) throws(DescriptorFault) -> Progress {
        let more = try DescriptorPipe.send(bytes[sent...], sent == 0 ? descriptors : [], to: socket)
        guard sent + more < bytes.count else { return .done }
        phase = .answering(bytes: bytes, sent: sent + more, descriptors: descriptors)
        return .waiting
    }
}
