import CSharedMemory
import Glibc

/// Sends and receives on a connected Unix socket; whether a call waits is the socket's own setting.
enum DescriptorPipe {
    enum Received {
        case message(bytes: [UInt8], descriptors: [SharedDescriptor])
        case nothingYet
        case ended
    }

    /// - Parameter capacity: the most bytes to take, at least 1.
    /// - Throws: `wrongCount` when the sender passed more descriptors than there is room for; all are closed.
    static func receive(
        _ socket: SharedDescriptor, upTo capacity: Int
    ) throws(DescriptorFault) -> Received {
        var receipt = cshared_receipt()
        var result: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            result = unsafe cshared_receive(socket.rawValue, buffer.baseAddress, capacity, &receipt)
            filled = max(0, Int(result))
        }
        guard result >= 0 else {
            let code = Int32(-result)
            guard code == EAGAIN || code == EWOULDBLOCK else { throw .system(.receive, errno: code) }
            return .nothingYet
        }
        let descriptors = unsafe withUnsafeBytes(of: receipt.descriptors) { raw in
            (0..<Int(receipt.count)).map { index in
                SharedDescriptor(
                    taking: unsafe raw.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
            }
        }
        guard receipt.was_cut == 0 else {
            throw .wrongCount(
                expected: DescriptorMessage.maxDescriptors, received: descriptors.count + 1)
        }
        return result == 0 ? .ended : .message(bytes: bytes, descriptors: descriptors)
    }

    /// Sends what the socket takes, the descriptors with the first byte.
    ///
    /// - Returns: the bytes sent; 0 if the socket takes none at the moment.
    static func send(
        _ bytes: ArraySlice<UInt8>, _ descriptors: [SharedDescriptor], to socket: SharedDescriptor
    ) throws(DescriptorFault) -> Int {
        let numbers = descriptors.map(\.rawValue)
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe numbers.withUnsafeBufferPointer { numbers in
                unsafe cshared_send(
                    socket.rawValue, bytes.baseAddress, bytes.count, numbers.baseAddress, Int32(numbers.count)
                )
            }
        }
        guard result >= 0 else {
            let code = Int32(-result)
            guard code == EAGAIN || code == EWOULDBLOCK else { throw .system(.send, errno: code) }
            return 0
        }
        return Int(result)
    }

    /// The process at the other end.
    ///
    /// - Throws: `otherUser` unless it belongs to this process's user.
    static func peer(of socket: SharedDescriptor) throws(DescriptorFault) -> Int32 {
        var peer = cshared_peer()
        let result = unsafe cshared_peer_of(socket.rawValue, &peer)
        guard result >= 0 else { throw .system(.describe, errno: -result) }
        guard peer.user == geteuid() else { throw .otherUser(peer.user) }
        return peer.process
    }
}
