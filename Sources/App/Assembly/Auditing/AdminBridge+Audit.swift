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
        let isAsked = desk.ask {
            do throws(AuditFailure) {
                let (rows, next) = try AuditSearch(store).page(filter, before: place, limit: limit)
                deliver(.rows(rows, next: next))
            } catch {
                deliver(.notAvailable(reason: "\(error)"))
            }
        }
        if !isAsked { deliver(.notAvailable(reason: "too many questions wait")) }
    }
}
