import CSharedMemory
import Foundation
import TestSupport
import Testing

@testable import SharedMemory

/// The other end of a descriptor socket, which says what the test wants.
enum RawPeer {
    /// A connection to a server.
    static func connect(_ path: String, milliseconds: UInt32 = 5000) throws -> SharedDescriptor {
        // Proof: the path is passed as a NUL-terminated copy that lives until the call returns.
        let number = unsafe cshared_connect(path, milliseconds)
        try #require(number >= 0, "connecting failed: \(number)")
        return SharedDescriptor(taking: number)
    }

    /// Sends all bytes, the descriptors with the first.
    static func send(_ bytes: [UInt8], _ descriptors: [SharedDescriptor] = [], to socket: SharedDescriptor)
        throws
    {
        var sent = 0
        while sent < bytes.count {
            sent += try DescriptorPipe.send(bytes[sent...], sent == 0 ? descriptors : [], to: socket)
        }
    }

    /// All that comes until the other end closes, or breaks the connection.
    static func rest(of socket: SharedDescriptor) -> (bytes: [UInt8], descriptors: [SharedDescriptor]) {
        var all: (bytes: [UInt8], descriptors: [SharedDescriptor]) = ([], [])
        while case .message(let bytes, let descriptors)? = try? DescriptorPipe.receive(socket, upTo: 4096) {
            all.bytes += bytes
            all.descriptors += descriptors
        }
        return all
    }

    /// Serves one connection with `script` on a thread of its own.
    static func serve(
        _ path: String, _ script: @escaping @Sendable (SharedDescriptor) throws -> Void
    ) throws {
        // Proof: the path is passed as a NUL-terminated copy that lives until the call returns.
        let number = unsafe cshared_listen(path, 1)
        try #require(number >= 0, "listening failed: \(number)")
        let listener = SharedDescriptor(taking: number)
        Thread.detachNewThread {
            var entry = pollfd(fd: listener.rawValue, events: Int16(POLLIN), revents: 0)
            // Proof: one entry is passed, and it outlives the call.
            guard unsafe poll(&entry, 1, 20_000) == 1 else { return }
            let accepted = cshared_accept(listener.rawValue)
            guard accepted >= 0 else { return }
            try? script(SharedDescriptor(taking: accepted))
        }
    }

    /// A file with this text, of which descriptors are handed over.
    static func file(_ text: String, in directory: String) throws -> SharedDescriptor {
        let path = "\(directory)/file-\(UInt32.random(in: 0 ... .max))"
        try Data(text.utf8).write(to: URL(filePath: path))
        // Proof: the path is passed as a NUL-terminated copy that lives until the call returns.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        try #require(number >= 0)
        return SharedDescriptor(taking: number)
    }

    static func text(of descriptor: SharedDescriptor) -> String {
        let data = try? Data(contentsOf: URL(filePath: "/proc/self/fd/\(descriptor.rawValue)"))
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    /// How many descriptors of this process lead to something in the directory, or to a socket there.
    static func openFiles(in directory: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            return target?.hasPrefix(directory) ?? false
        }
    }

    /// A directory of its own, removed at the end of `body`.
    static func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = try PrivateFolder()
        return try withExtendedLifetime(folder) { try body(folder.path) }
    }
}
