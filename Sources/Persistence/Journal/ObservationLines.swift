import Foundation
import Identifiers
import Schemas
import Storage
import Telemetry
import Wire

/// The tool calls of a journal as JSON lines, one call each, in the order in which they began.
///
/// The members are those of the evaluation data that `attune evaluate` reads (dataset, session_id, step,
/// turn, model, server, tool, args, args_sha, args_len, result, result_size, result_sha, is_error), then
/// what only a gateway knows (ts, call_id, principal, outcome, error_code, duration_us, upstream_us,
/// queue_us, advice_version). `args` and `result` are texts of JSON, there as far as they were kept; each
/// `_sha` is the first eight hexadecimal digits of the SHA-256 of the bytes.
public struct ObservationLines {
    /// Sessions whose steps are counted; all begin anew when there are more.
    private static let mostSessions = 65_536
    private static let method = "tools/call"
    private static let shownDigestBytes = 4

    private let reader: any OrderedReader
    private var steps: [String: Int] = [:]

    public init(_ reader: any OrderedReader) { self.reader = reader }

    /// Gives each line, with its end, to `sink`.
    ///
    /// - Parameters: times in microseconds since 1970: calls that began from `first` on, before `end`.
    /// - Returns: how many entries could not be read as what this version knows; they are passed over.
    /// - Throws: as the store's cursors.
    public mutating func write(
        from first: UInt64, upTo end: UInt64?, into sink: ([UInt8]) throws(StorageError) -> Void
    ) throws(StorageError) -> Int {
        let cursor = try reader.cursor(
            over: JournalKey.range(from: first, upTo: end), in: ObservationJournal.family, .forward)
        var unread = 0
        while let entry = try cursor.next() {
            guard let found = try? JournalEntry(serializedBytes: entry.value), let what = found.what else {
                unread += 1
                continue
            }
            guard case .message(let message) = what, message.messageType == Self.method else { continue }
            try sink(line(message))
        }
        return unread
    }

    private mutating func line(_ message: MCPMessage) -> [UInt8] {
        let call = message.call
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("dataset", "attune")
        json.field("session_id", call.session)
        let step = nextStep(of: call.session)
        json.field("step", step)
        json.field("turn", step)
        json.field("model", "")
        json.field("server", call.server)
        json.field("tool", call.tool)
        write(call.arguments, "args", "args_sha", "args_len", &json) {
            MCPMessage.arguments(Array(message.payload))
        }
        write(call.result, "result", "result_sha", "result_size", &json) {
            call.resultPayload.isEmpty ? nil : Array(call.resultPayload)[...]
        }
        json.field("is_error", call.outcome != .ok)
        json.field("ts", Timestamp.text(message.timestamp))
        json.field("call_id", CallID(call.callID).text)
        json.field("principal", call.principal)
        json.field("outcome", call.outcome.label)
        json.field("error_code", Int(call.errorCode))
        json.field("duration_us", Int(call.durationUs))
        json.field("upstream_us", Int(call.upstreamUs))
        json.field("queue_us", Int(call.queueUs))
        json.field("advice_version", Int(clamping: call.adviceVersion))
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func write(
        _ content: CallContent, _ text: StaticString, _ digest: StaticString, _ size: StaticString,
        _ json: inout JSONWriter, kept: () -> ArraySlice<UInt8>?
    ) {
        if let kept = kept() { json.field(text, String(decoding: kept, as: UTF8.self)) }
        if !content.digest.isEmpty {
            json.field(digest, Self.hex(content.digest.prefix(Self.shownDigestBytes)))
        }
        json.field(size, Int(clamping: content.size))
    }

    private mutating func nextStep(of session: String) -> Int {
        if steps.count >= Self.mostSessions, steps[session] == nil { steps.removeAll() }
        let step = steps[session, default: 0]
        steps[session] = step + 1
        return step
    }

    private static func hex(_ bytes: Data) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
