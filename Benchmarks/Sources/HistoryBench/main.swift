import Foundation
import ModelHistory
import RocksStorage

// What many versions of a model take on disk, and how long it takes to write and read them.
//   history-bench [VERSIONS] [BYTES] [DIRECTORY]

let arguments = CommandLine.arguments.dropFirst()
let versions = arguments.first.flatMap { Int($0) } ?? 1000
let bytes = arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000_000
let parent = arguments.dropFirst(2).first ?? FileManager.default.temporaryDirectory.path

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(body)
    return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
}

func diskBytes(_ directory: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.reduce(0) { sum, name in
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
        return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
}

func row(_ change: Change) throws -> String {
    let directory = "\(parent)/history-bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var random = Numbers()
    var model = (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
    let name = ModelName("bench")!
    var ids: [ObjectID] = []
    var commits: [Double] = []
    let store = try RocksStore(directory, purpose: "bench", families: ModelRepository.families)
    let repository = ModelRepository(store, cacheBytes: 2 * bytes)
    for version in 0..<versions {
        if version > 0 { change.apply(to: &model, &random) }
        let metadata = CommitMetadata(author: "bench", message: "version", microseconds: UInt64(version))
        commits.append(
            try milliseconds {
                ids.append(
                    try repository.commit(
                        model: name, kind: name, parts: ["model": model], metadata: metadata))
            })
    }
    let asWritten = diskBytes(directory)
    try store.compact()
    let compacted = diskBytes(directory)
    var reads: [Double] = []
    for _ in 0..<50 {
        // A reader of its own, so that nothing is in its cache.
        let reader = ModelReader(store, cacheBytes: 0)
        let id = ids.randomElement() ?? ids[0]
        reads.append(try milliseconds { _ = try reader.read(id) })
    }
    let last = try repository.read(ids[ids.count - 1]).parts["model"] == model
    let isSound = try repository.reader.fsck().isSound
    try store.close()
    let numbers = [median(commits), worst(commits), median(reads), worst(reads)].map {
        String(format: "%.0f", $0)
    }
    let sizes = [asWritten, compacted].map { String(format: "%.0f", Double($0) / 1e6) }
    return
        "| \(change.rawValue) | \((sizes + numbers).joined(separator: " | ")) | \(last && isSound ? "same" : "LOST") |"
}

func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }
func worst(_ numbers: [Double]) -> Double { numbers.max() ?? 0 }

print("| 1 % changed | MB on disk | compacted | commit ms | worst | read ms | worst | last |")
print("|---|---:|---:|---:|---:|---:|---:|---|")
for change in Change.allCases { print(try row(change)) }
