import Identifiers
import Testing

@testable import Sessions

@Suite("Session tickets") struct SessionTicketTests {
    private func ticket(info: String, capabilities: String) -> SessionTicket {
        SessionTicket(
            request: InitializeRequest(
                requestedVersion: "2025-06-18", capabilities: Array(capabilities.utf8),
                clientInfo: Array(info.utf8)),
            instance: 0x0102_0304, number: 0xFFFF_0000_1234_5678, openedSeconds: 1_795_000_000)
    }

    @Test("A ticket is read as it was written") func roundTrip() throws {
        let ticket = ticket(info: #"{"name":"a","version":"1","x":[1]}"#, capabilities: #"{"roots":{}}"#)
        let read = try #require(SessionTicket(bytes: ticket.bytes))
        #expect(read == ticket)
        #expect(read.request.identity.version == .june2025)
        #expect(String(decoding: read.request.clientInfo, as: UTF8.self).hasSuffix(#""x":[1]}"#))
    }

    @Test("A client that says much of itself is kept in a short form") func shortForm() throws {
        let noise = #""y":{"z":"\#(String(repeating: "z", count: 600))"}"#
        let ticket = ticket(
            info:
                #"{"name":"some \u0022client\u0022","version":"\#(String(repeating: "9", count: 400))",\#(noise)}"#,
            capabilities: """
                {\(noise),"roots":{"listChanged":true},"sampling":{"tools":{\(noise)}},"elicitation":{}}
                """)
        #expect(ticket.bytes.count <= SessionTicket.maxBytes)
        let read = try #require(SessionTicket(bytes: ticket.bytes))
        #expect(read == ticket)
        #expect(
            String(decoding: read.clientInfo, as: UTF8.self)
                == #"{"name":"some \"client\"","version":"unknown"}"#)
        #expect(
            String(decoding: read.capabilities, as: UTF8.self)
                == #"{"roots":{"listChanged":true},"sampling":{"tools":{}},"elicitation":{}}"#)
    }

    @Test("No other bytes are a ticket, and none trap") func garbage() {
        let bytes = ticket(info: "{}", capabilities: "{}").bytes
        for count in bytes.indices { #expect(SessionTicket(bytes: Array(bytes.prefix(count))) == nil) }
        for index in bytes.indices {
            for value in [0, 0x7B, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = SessionTicket(bytes: changed)
            }
        }
        #expect(SessionTicket(bytes: bytes + Array(repeating: 0x7D, count: 600)) == nil)
    }
}
