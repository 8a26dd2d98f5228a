import Foundation
import ModelHistory
import RocksStorage
import Storage
import Testing

/// What HistoryFixture was told, beside what is in its store.
struct CommitLedger {
    let path: String

    /// The versions of each model that were acknowledged, the last one last.
    func acknowledged() throws -> [ModelName: [ObjectID]] {
        var found: [ModelName: [ObjectID]] = [:]
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let model = try #require(ModelName(String(words[0])))
            found[model, default: []].append(try #require(ObjectID(hex: String(words[1]))))
        }
        return found
    }

    /// Opens the store: all is sound, every acknowledged version can be reached, and HEAD is at the last one
    /// or at the next, of which nobody was told.
    func check(_ store: String, _ title: String) throws {
        let store = try RocksStore(store, purpose: "test", families: ModelRepository.families)
        let reader = ModelReader(store)
        let report = try reader.fsck()
        #expect(report.isSound, "\(title): \(report.findings.prefix(5))")
        for (model, ids) in try acknowledged() {
            let head = try #require(try reader.head(model)?.commit, "\(title): \(model)")
            var log = try reader.log(from: [head])
            var reachable: [ObjectID] = []
            while let (id, commit) = try log.next() {
                reachable.append(id)
                let number = try reader.read(id).parts["number"] ?? []
                #expect(number.reversed().reduce(0) { $0 << 8 | UInt64($1) } == commit.version, "\(title)")
            }
            #expect(Set(ids).isSubset(of: reachable), "\(title): an acknowledged version is lost")
            let last = ids.last
            #expect(head == last || reachable.dropFirst().first == last, "\(title): HEAD of \(model)")
        }
        try store.close()
    }
}
