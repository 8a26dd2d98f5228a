import Learners

/// Something unusual about a call: what, where, and how unlikely.
package struct TrafficAnomaly: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Bytes of a result that earlier results of the tool do not lead to expect.
        case result
        /// A session that seems to do what foreign text told it.
        case session
        case latency, size, errors
        /// A tool that was hardly to be expected in its session.
        case sequence
        /// Latencies of a tool that have changed for good.
        case drift
    }

    package static let mostTextBytes = 240

    package var atMicroseconds: UInt64
    package var callID: UInt64
    package var session: String
    package var server: String
    package var tool: String
    package var kind: Kind
    /// The bytes of the result's text, or of the arguments for `session`.
    package var bytes: Range<Int>?
    package var bits: Float
    /// How unlikely it is, as the share of calls that are as unusual.
    package var share: Float
    /// One sentence without anything of arguments or results.
    package var text: String
}

extension TrafficAnomaly {
    func save(to encoder: inout ByteEncoder) {
        for number in [atMicroseconds, callID] { encoder.write(number) }
        for name in [session, server, tool, kind.rawValue, text] { encoder.write(Array(name.utf8)) }
        encoder.write(bytes.map { UInt64($0.lowerBound) + 1 } ?? 0)
        encoder.write(UInt64(bytes?.count ?? 0))
        encoder.write(bits)
        encoder.write(share)
    }

    /// nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let at = decoder.integer(), let call = decoder.integer(), let session = decoder.name(),
            let server = decoder.name(), let tool = decoder.name(),
            let kind = decoder.name().flatMap(Kind.init),
            let text = decoder.name(upTo: Self.mostTextBytes), let start = decoder.integer(upTo: 1 << 32),
            let length = decoder.integer(upTo: 1 << 32), let bits = decoder.float(),
            let share = decoder.float()
        else { return nil }
        let first = Int(start) - 1
        self.init(
            atMicroseconds: at, callID: call, session: session, server: server, tool: tool, kind: kind,
            bytes: start == 0 ? nil : first..<first + Int(length), bits: bits, share: share, text: text)
    }
}

extension ByteDecoder {
    /// A text of UTF-8; nil for one that is too long or is none.
    mutating func name(upTo limit: Int = ObservedCall.mostNameBytes + 64) -> String? {
        run(upTo: limit).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
