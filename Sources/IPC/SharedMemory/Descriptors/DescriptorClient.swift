import CSharedMemory
import Glibc

/// Fetches descriptors from a `DescriptorServer` with calls that wait.
package enum DescriptorClient {
    /// Presents a token and takes the answer.
    ///
    /// Waits at most about `milliseconds`; not for an event loop.
    /// - Parameter descriptor: what to hand over with the token.
    package static func exchange(
        path: String, token: [UInt8], descriptor: SharedDescriptor?, milliseconds: UInt32 = 5000
    ) throws(DescriptorFault) -> DescriptorMessage {
        let deadline = cshared_monotonic_now() + UInt64(milliseconds) * 1_000_000
        let number = unsafe cshared_connect(path, milliseconds)
        guard number >= 0 else { throw .system(.connect, errno: -number) }
        let socket = SharedDescriptor(taking: number)
        _ = try DescriptorPipe.peer(of: socket)
        var sent = 0
        while sent < token.count {
            let more = try DescriptorPipe.send(
                token[sent...], sent == 0 ? descriptor.map { [$0] } ?? [] : [], to: socket)
            guard more > 0 else { throw .timedOut }
            sent += more
        }
        return try receive(socket, deadline)
    }

    private static func receive(
        _ socket: SharedDescriptor, _ deadline: UInt64
    ) throws(DescriptorFault) -> DescriptorMessage {
        var bytes: [UInt8] = []
        var descriptors: [SharedDescriptor] = []
        while true {
            let expected = DescriptorMessage.announcedBytes(bytes)
            if let expected {
                guard expected <= DescriptorMessage.maxBytes else { throw .messageTooLong(bytes: expected) }
                if bytes.count == DescriptorMessage.prefixBytes + expected { break }
            }
            let due = DescriptorMessage.prefixBytes + (expected ?? 0) - bytes.count
            guard cshared_monotonic_now() < deadline else { throw .timedOut }
            switch try DescriptorPipe.receive(socket, upTo: due) {
            case .ended: throw .closed
            case .nothingYet: throw .timedOut
            case .message(let more, let moreDescriptors):
                bytes += more
                descriptors += moreDescriptors
            }
            guard descriptors.count <= DescriptorMessage.maxDescriptors else {
                throw .wrongCount(expected: DescriptorMessage.maxDescriptors, received: descriptors.count)
            }
        }
        return DescriptorMessage(
            bytes: Array(bytes.dropFirst(DescriptorMessage.prefixBytes)), descriptors: descriptors)
    }
}
