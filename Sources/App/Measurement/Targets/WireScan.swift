import Wire

/// How fast the scanner validates a message and finds its envelope.
enum WireScan {
    static let call = target("wire_scan_2kb", Payloads.call(tool: "a__echo", padding: 1_880), "tools/call")
    static let list = target("wire_scan_100kb", Payloads.listAnswer(bytes: 100_000), "tools/list answer")

    private static let bytesPerRound = 20_000_000

    private static func target(_ name: String, _ message: [UInt8], _ what: String) -> Target {
        Target(name: name, unit: "GB/s", bound: .over(1)) { () throws(MeasurementFailure) in
            guard (try? Scanner.scan(message)) != nil else { throw .payloadRefused }
            let repeats = bytesPerRound / message.count
            let value = Rounds.median {
                var found = 0
                let time = Rounds.processorNanoseconds {
                    for _ in 0..<repeats {
                        found &+= (try? Scanner.scan(message)).map { Int($0.root.end) } ?? 0
                    }
                }
                return found == 0 ? 0 : Double(repeats * message.count) / time
            }
            return Target.Reading(
                value: value,
                conditions:
                    "by processor time, median of \(Rounds.count) rounds of \(repeats) scans, fully validating; "
                    + "\(message.count)-byte \(what)")
        }
    }
}
