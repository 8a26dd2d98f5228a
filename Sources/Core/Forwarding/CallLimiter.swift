import Identifiers
import Routing
import Synchronization

/// The allowances of principals with limits, over all loops. Used from any loop; asked only where a rule
/// limits.
final class CallLimiter: Sendable {
    /// Principals that use their limits at the same time; beyond it those with nothing used are forgotten.
    static let maxPrincipals = 4096

    private let allowances = Mutex<[Principal: CallAllowance]>([:])

    /// - Returns: nil if the call may go on, else after how many milliseconds it is worth another try.
    func enter(_ principal: Principal, _ limits: CallLimits, now: MonotonicTime) -> Int? {
        allowances.withLock { allowances in
            if allowances.count >= Self.maxPrincipals, allowances[principal] == nil {
                allowances = allowances.filter { !$0.value.isFull(limits, now: now) }
            }
            return allowances[principal, default: CallAllowance()].enter(limits, now: now)
        }
    }

    func leave(_ principal: Principal) { allowances.withLock { $0[principal]?.leave() } }
}
