import Schemas
import Storage
import TestSupport
import Testing

@testable import Audit

@Suite("A search in the audit log") struct AuditSearchTests {
    @Test("ends a page where it has passed so many entries, and finds the rest on the next ones") func pages()
        throws
    {
        let rig = try AuditRig()
        rig.add(.access(AuditedAccess(status: 403, path: "/mcp", principal: "eve", reason: "no")))
        for _ in 0..<20 { rig.call() }
        rig.turn()
        var filter = AuditFilter()
        filter.kind = .access
        var (found, pages, end): (Int, Int, UInt64?) = (0, 0, nil)
        repeat {
            let page = try AuditSearch(rig.store).page(filter, before: end, limit: 3, passing: 5)
            found += page.rows.count
            pages += 1
            end = page.next
        } while end != nil && pages < 10
        #expect(found == 1 && pages == 5)
        filter.kind = .call
        let page = try AuditSearch(rig.store).page(filter, before: nil, limit: 3, passing: 5)
        #expect(page.rows.count == 3 && page.next == 19)
        let all = try AuditSearch(rig.store).page(filter, before: nil, limit: 100)
        #expect(all.rows.count == 20 && all.next == nil)
    }

    @Test("goes back no further than where many entries in a row are older than what is asked for")
    func since() throws {
        let rig = try AuditRig()
        for _ in 0..<9 { rig.call() }
        rig.turn(after: 3_600_000_000)
        var filter = AuditFilter()
        filter.kind = .call
        filter.since = rig.now
        // One long call that began before, amid others.
        rig.call()
        rig.queue.add(
            AuditQueue.Item(
                event: .ended(AuditRig.audited(99), wasStarted: false), microseconds: rig.now - 60))
        rig.call()
        rig.turn()
        // What is no entry is counted by whoever comes there.
        var batch = WriteBatch()
        batch.put([1], for: AuditFamilies.key(1), in: AuditFamilies.entries)
        try rig.store.write(batch, .durable)
        var search = AuditSearch(rig.store)
        for (most, unread) in [(3, 0), (100, 1)] {
            search.mostOlder = most
            var found = 0
            let passedOver = try search.walk(filter) { _, _ in
                found += 1
                return true
            }
            #expect(found == 2 && passedOver == unread)
        }
        search.mostOlder = 3
        #expect(try search.page(filter, before: nil, limit: 10).next == nil)
    }
}
