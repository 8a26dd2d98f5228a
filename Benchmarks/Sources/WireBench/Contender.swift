import CSimdjson
import Foundation
import Wire

/// One parser under measurement.
struct Contender {
    let name: String
    /// What it checks of the text and what it does not.
    let checks: String
    /// Reads a message once; nonzero when it was accepted.
    let makeReader: ([UInt8]) -> () -> Int

    static var all: [Contender] {
        [
            Contender(
                name: "Wire scan",
                checks:
                    "grammar, UTF-8, depth 128, size, equal envelope keys; finds the whole envelope; numbers unread"
            ) { bytes in
                { ((try? Scanner.scan(bytes))?.root.count) ?? 0 }
            },
            Contender(
                name: "Wire validate",
                checks: "grammar, UTF-8, depth 128, size; equal keys pass; finds nothing"
            ) { bytes in
                {
                    do {
                        try Scanner.validate(bytes)
                        return 1
                    } catch {
                        return 0
                    }
                }
            },
            Contender(
                name: "simdjson dom",
                checks:
                    "grammar, UTF-8, depth 1024, 64-bit numbers; equal keys pass; builds a tape, finds 4 members"
            ) { bytes in
                // Proof: the copy is made during the call, and the bench is never freed.
                let bench = unsafe simdjson_bench_make(bytes, bytes.count)
                return { unsafe simdjson_bench_dom(bench) }
            },
            Contender(
                name: "simdjson ondemand",
                checks:
                    "UTF-8 and string ends everywhere, grammar only of what is read: skipped values are not judged"
            ) { bytes in
                // Proof: as above.
                let bench = unsafe simdjson_bench_make(bytes, bytes.count)
                return { unsafe simdjson_bench_ondemand(bench) }
            },
            Contender(
                name: "JSONSerialization",
                checks:
                    "grammar but for trailing commas, UTF-8, depth 512; equal keys: the last wins; builds objects"
            ) { bytes in
                let data = Data(bytes)
                return { (try? JSONSerialization.jsonObject(with: data)) == nil ? 0 : 1 }
            },
        ]
    }
}
