import Audit
import Dashboard

extension AdminBridge {
    /// Off the loops, for it reads the disk.
    func audit(
        _ words: [String: String], before place: UInt64?, limit: Int,
        _ deliver: @escaping @Sendable (AuditPage) -> Void
    ) {
        guard program.audit != nil else {
            return deliver(
                .notAvailable(reason: "this gateway keeps no audit log: [security] audit is \"off\""))
        }
        let filter: AuditFilter
        do throws(AuditFilter.Fault) {
            filter = try AuditFilter { words[$0] }
        } catch {
            return deliver(.refused(reason: "\(error)"))
        }
        let store = program.keeper.store
        Task.detached {
            var rows: [[UInt8]] = []
            var next: UInt64?
            do throws(AuditFailure) {
                try AuditSearch(store).walk(filter, before: place) { place, entry in
                    rows.append(AuditRow.json(place, entry))
                    if rows.count == limit { next = place }
                    return rows.count < limit
                }
                deliver(.rows(rows, next: next))
            } catch {
                deliver(.notAvailable(reason: "\(error)"))
            }
        }
    }
}
