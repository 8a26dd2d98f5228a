import Foundation
import Testing

@testable import SharedMemory

@Suite("Descriptor client", .timeLimit(.minutes(1))) struct DescriptorClientTests {
    private static let token = [UInt8](repeating: 0x61, count: 64)

    /// Fetches from a server that does as the script says after it has read the token.
    private static func fetch(
        milliseconds: UInt32 = 5000,
        _ script: @escaping @Sendable (SharedDescriptor, SharedDescriptor) throws -> Void
    ) throws -> DescriptorMessage {
        try RawPeer.withDirectory { directory in
            let file = try RawPeer.file("x", in: directory)
            try RawPeer.serve("\(directory)/d.sock") { socket in
                var read = 0
                while read < token.count {
                    if case .message(let bytes, _) = try DescriptorPipe.receive(socket, upTo: 64) {
                        read += bytes.count
                    } else {
                        usleep(1000)
                    }
                }
                try script(socket, file)
            }
            return try DescriptorClient.exchange(
                path: "\(directory)/d.sock", token: token, descriptor: nil, milliseconds: milliseconds)
        }
    }

    @Test("An answer may come in pieces, with descriptors at any of them")
    func gathers() throws {
        let message = try Self.fetch { socket, file in
            for byte: UInt8 in [3, 0, 0, 0, 7, 8] { try RawPeer.send([byte], to: socket) }
            try RawPeer.send([9], [file, file], to: socket)
        }
        #expect(message.bytes == [7, 8, 9])
        #expect(message.descriptors.count == 2)
    }

    @Test(
        "An answer that ends early is an error", arguments: [[], [3, 0, 0], [3, 0, 0, 0, 7]] as [[UInt8]])
    func isCut(_ bytes: [UInt8]) {
        #expect(throws: DescriptorFault.closed) {
            try Self.fetch { socket, _ in try RawPeer.send(bytes, to: socket) }
        }
    }

    @Test("An answer that announces more than a message may have is an error")
    func isTooLong() {
        #expect(throws: DescriptorFault.messageTooLong(bytes: 0x7F00_0001)) {
            try Self.fetch { socket, _ in try RawPeer.send([1, 0, 0, 0x7F], to: socket) }
        }
    }

    @Test("An answer with more descriptors than a message may have is an error, and none stays open")
    func hasTooMany() throws {
        try RawPeer.withDirectory { directory in
            let file = try RawPeer.file("x", in: directory)
            #expect(throws: DescriptorFault.wrongCount(expected: 16, received: 32)) {
                try Self.fetch { socket, _ in
                    let many = Array(repeating: file, count: 16)
                    try RawPeer.send([4, 0], many, to: socket)
                    try RawPeer.send([0, 0, 1, 2], many, to: socket)
                }
            }
            #expect(RawPeer.openFiles(in: directory) == 1)
        }
    }

    @Test("A server that does not answer is given up after the limit")
    func givesUp() {
        #expect(throws: DescriptorFault.timedOut) {
            try Self.fetch(milliseconds: 150) { socket, _ in
                _ = RawPeer.rest(of: socket)
                sleep(2)
                withExtendedLifetime(socket) {}
            }
        }
    }

    @Test("Without a server the error number is told, and a path that is too long is none")
    func hasNoServer() {
        #expect(throws: DescriptorFault.system(.connect, errno: ENOENT)) {
            try DescriptorClient.exchange(path: "/nowhere/d.sock", token: Self.token, descriptor: nil)
        }
        let long = "/tmp/" + String(repeating: "a", count: 110)
        #expect(throws: DescriptorFault.system(.connect, errno: ENAMETOOLONG)) {
            try DescriptorClient.exchange(path: long, token: Self.token, descriptor: nil)
        }
    }
}
