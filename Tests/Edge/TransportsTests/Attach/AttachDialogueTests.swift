import Foundation
import Testing

@testable import Transports

@Suite("Attaching: what is said", .timeLimit(.minutes(1))) struct AttachDialogueTests {
    /// What the gateway answers a worker who says `text`, until it closes.
    private static func talk(_ rig: AttachRig, _ text: String) throws -> [String] {
        let file = "\(rig.directory)/said"
        try Data(text.utf8).write(to: URL(filePath: file))
        let heard = try rig.python(
            """
            context.load_cert_chain(certificate, key)
            stream = connect()
            try:
                stream.sendall(open(os.path.dirname(authority) + "/said", "rb").read())
            except OSError:
                pass
            answer = b""
            while True:
                more = heard(stream)
                if not more or isinstance(more, str):
                    break
                answer += more
            print(answer.decode(), end="")
            """)
        return heard.split(separator: "\n").map(String.init)
    }

    private static let request = #"{"attach":{"role":"worker","name":"w-1","layout":[1,2],"pid":7,"x":[]}}"#

    @Test("The lines are those that clients in other languages rely on") func writesLines() async throws {
        try await AttachRig.run { rig in
            let heard = try Self.talk(rig, Self.request + "\n" + #"{"refresh":{}}"# + "\n{}\n")
            let token = String(repeating: "ab", count: 32)
            #expect(
                heard == [
                    #"{"descriptors":"attach.descriptors.sock","expires_ms":5000,"#
                        + #""generation":18446744073709551615,"#
                        + #""grant":{"index":5,"lane_bytes":[1,2,3],"segment_bytes":8192,"table_bytes":4},"#
                        + #""token":"\#(token)"}"#,
                    #"{"segments_changed":{"token":"again-w-1"}}"#,
                    #"{"error":{"code":"bad_request","message":"only refresh is understood once attached"}}"#,
                ])
            let request = AttachRequest(role: .worker, name: "w-1", layouts: [1, 2], processID: 7)
            #expect(rig.host.told.requests == [request])
            #expect(rig.host.told.peers.first?.processID != 7)
        }
    }

    @Test(
        "A first line that is no request is refused",
        arguments: [
            "{}", "[]", "garbage", "\u{0}", #"{"attach":7}"#, #"{"refresh":{}}"#,
            request.replacing("worker", with: "owner"), request.replacing("w-1", with: ""),
            request.replacing("w-1", with: "../x"), request.replacing("w-1", with: "W"),
            request.replacing("w-1", with: String(repeating: "a", count: 32)),
            request.replacing("[1,2]", with: "[]"), request.replacing("[1,2]", with: "[-1]"),
            request.replacing("7", with: "1e99"),
            String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000),
        ])
    func refuses(_ line: String) async throws {
        try await AttachRig.run { rig in
            let heard = try Self.talk(rig, line + "\n")
            #expect(heard.count == 1)
            #expect(heard.first?.hasPrefix(#"{"error":{"code":"bad_request","message":""#) == true)
            #expect(rig.host.told.requests.isEmpty)
            #expect(rig.host.codes == [.badRequest])
        }
    }

    @Test("A line over 64 KiB is refused, and one just below is read") func boundsLines() async throws {
        try await AttachRig.run { rig in
            let frame = Self.request.replacing("[]", with: "\"\"").utf8.count
            let fill = { (bytes: Int) in
                Self.request.replacing("[]", with: "\"\(String(repeating: "a", count: bytes - frame))\"")
            }
            let heard = try Self.talk(rig, fill(65_536) + "\n{}\n")
            #expect(heard.first?.hasPrefix(#"{"descriptors""#) == true)
            let refused = try Self.talk(rig, fill(65_537) + "\n")
            #expect(refused.first?.hasPrefix(#"{"error":{"code":"line_too_long""#) == true)
        }
    }

    @Test("The host's refusal is told with its code and sentence") func passesRefusals() async throws {
        try await AttachRig.run { rig in
            let refusal = AttachRefusal(.tooMany, "eight workers are attached, \"more\" is too many")
            rig.host.refuse(refusal)
            await #expect(throws: AttachFailure.refused(refusal)) { try await rig.attach(.worker) }
            #expect(rig.host.told.closed.isEmpty)
            #expect(rig.host.codes == [.tooMany])
        }
    }

    @Test("Bytes that are not TLS are closed on") func refusesPlainText() async throws {
        try await AttachRig.run { rig in
            let heard = try rig.python(
                """
                plain.connect(path)
                plain.sendall(b"GET / HTTP/1.1\\r\\n\\r\\n" * 100)
                while (more := heard(plain)) and not isinstance(more, str):
                    pass
                print("closed")
                """)
            #expect(heard == "closed\n")
            try await AttachRig.wait { rig.host.told.turnedAway.count == 1 }
            guard case .notTrusted = rig.host.told.turnedAway[0] else {
                Issue.record("it was \(rig.host.told.turnedAway)")
                return
            }
        }
    }

    @Test("Notices reach the client, and its connection's end reaches both") func tells() async throws {
        try await AttachRig.run { rig in
            let connection = try await rig.attach(.learner)
            let peer = try #require(rig.host.told.peers.first)
            rig.listener.confirm(peer.id)
            rig.listener.tell(peer.id, .segmentsChanged(token: "t"))
            #expect(try await connection.notice() == .segmentsChanged(token: "t"))
            connection.refresh()
            #expect(try await connection.notice() == .segmentsChanged(token: "again-one"))
            rig.listener.drop(peer.id)
            await #expect(throws: AttachFailure.closed(path: rig.path)) { try await connection.notice() }
            await #expect(throws: AttachFailure.closed(path: rig.path)) { try await connection.notice() }
            try await AttachRig.wait { rig.host.told.closed == [peer] }
            let second = try await rig.attach(.learner)
            await rig.listener.close()
            await #expect(throws: AttachFailure.closed(path: rig.path)) { try await second.notice() }
            try await AttachRig.wait { rig.host.told.closed.count == 2 }
        }
    }
}
