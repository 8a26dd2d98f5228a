import Foundation
import SharedMemory
import Testing
import Transports

@testable import Assembly

/// A worker written with nothing but Python's standard library, as another implementation of the protocol.
@Suite("A worker in Python", .timeLimit(.minutes(1))) struct PythonWorkerTests {
    private static let script = #"""
        import fcntl, json, mmap, os, socket, ssl, struct, sys
        control, certificates = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        context.load_verify_locations(f"{certificates}/ca.pem")
        context.load_cert_chain(f"{certificates}/worker.pem", f"{certificates}/worker.key")
        plain = socket.socket(socket.AF_UNIX)
        plain.connect(control)
        tls = context.wrap_socket(plain, server_hostname="gateway.attune.internal")
        lines = tls.makefile("rwb")

        def say(value):
            lines.write(json.dumps(value).encode() + b"\n")
            lines.flush()

        def segment(size, name):
            """A live segment of a worker with one command ring, as the header page's layout has it."""
            descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            os.ftruncate(descriptor, size)
            page = mmap.mmap(descriptor, size)
            boot = bytes.fromhex(open("/proc/sys/kernel/random/boot_id").read().strip().replace("-", ""))
            start = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19])
            page[0:80] = struct.pack(
                "<8sIIQQ16sQQIIQ", b"ATTUNESG", 1, 3, size, 77, boot, os.getpid(), start, 1, 48, 0)
            page[80:88] = struct.pack("<Q", 1)
            page[96:128] = name.encode().ljust(32, b"\0")
            page[128:176] = struct.pack("<IIQQQQQ", 3, 0, 4096, size - 4096, 1, 2048, 0)
            future_write = 0x10
            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | future_write | fcntl.F_SEAL_SEAL
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
            return descriptor

        def fetch(offered, token, own):
            with socket.socket(socket.AF_UNIX) as link:
                link.connect(os.path.join(os.path.dirname(control), offered))
                socket.send_fds(link, [token.encode()], own)
                body, descriptors = b"", []
                while len(body) < 4 or len(body) < 4 + int.from_bytes(body[:4], "little"):
                    more, found, _, _ = socket.recv_fds(link, 65540, 16)
                    assert more, "closed early"
                    body, descriptors = body + more, descriptors + found
            listed = json.loads(body[4:])["segments"]
            assert len(listed) == len(descriptors)
            for told, descriptor in zip(listed, descriptors):
                with mmap.mmap(descriptor, told["bytes"], prot=mmap.PROT_READ) as mapped:
                    magic, generation = mapped[:8], int.from_bytes(mapped[24:32], "little")
                try:
                    mmap.mmap(descriptor, told["bytes"])
                    writable = True
                except PermissionError:
                    writable = False
                print(told["name"], told["kind"], magic.decode(), generation == told["generation"], writable)
                os.close(descriptor)

        say({"attach": {"role": "worker", "name": "py", "layout": [1, 2], "pid": os.getpid()}})
        offer = json.loads(lines.readline())
        fetch(offer["descriptors"], offer["token"], [segment(offer["grant"]["segment_bytes"], "py")])
        sys.stdout.flush()
        changed = json.loads(lines.readline())["segments_changed"]
        fetch(offer["descriptors"], changed["token"], [])
        """#

    @Test("It attaches, hands its segment over, maps the others', and hears of a further one")
    func attaches() async throws {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["python3", "-c", Self.script, rig.places.control, rig.store.directory]
            process.standardOutput = output
            try process.run()
            try await AttachingRig.wait { !server.attached.isEmpty || !process.isRunning }
            let handed = try #require(rig.provider.told.handed.first)
            #expect(handed.0.processID == process.processIdentifier)
            #expect(handed.1.segment.header.owner.processID == UInt64(process.processIdentifier))
            #expect(handed.1.segment.header.generation == 77)
            let learner = try rig.startClient(
                .learner, "learner", segment: try AttachingRig.segment(.learner, "learner"))
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(
                String(decoding: bytes, as: UTF8.self) == """
                    core core ATTUNESG True False
                    core core ATTUNESG True False
                    learner learner ATTUNESG True False

                    """)
            // Its death is the end of its attachment.
            try await AttachingRig.wait { rig.provider.told.ended.map(\.name) == ["py"] }
            learner.task.cancel()
            await server.stop()
        }
    }
}
