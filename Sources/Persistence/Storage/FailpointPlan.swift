import Synchronization

/// What is to happen at failpoints: `NAME[:N]=ACTION`, several with commas between them.
///
///     ATTUNE_FAILPOINT=store.writing:3=kill,journal.read=delay(20)
///
/// With a number it happens the Nth time that the place is reached, once; without, each time. Actions are
/// `kill` (SIGKILL to itself), `error` (the device fails), `nospace` (the disk is full) and `delay` (100 ms),
/// `delay(MILLISECONDS)`.
public struct FailpointPlan: Sendable {
    /// Of the gateway and the commands.
    public static let variable = "ATTUNE_FAILPOINT"
    /// Of `attune learn`, which inherits the gateway's environment.
    public static let learnerVariable = "ATTUNE_LEARNER_FAILPOINT"
    static let mostPoints = 64

    private struct Charge: Sendable {
        var action: FailpointAction
        /// The time it happens, counted from 1; nil for each.
        var time: UInt64?
        var reached: UInt64 = 0
    }

    private var charges: [Failpoint: Charge] = [:]

    /// - Throws: `FailpointError` where it is not written as the type says.
    public init(_ text: String) throws(FailpointError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= Self.mostPoints else { throw .tooMany(parts.count, limit: Self.mostPoints) }
        for part in parts {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2 else { throw .malformed(String(part)) }
            let name = sides[0].split(separator: ":", omittingEmptySubsequences: false)
            guard let point = Failpoint(rawValue: String(name[0])) else { throw .unknown(String(name[0])) }
            guard let action = FailpointAction(sides[1]) else { throw .unknownAction(String(sides[1])) }
            guard !action.isFailure || point.canFail else { throw .cannotFail(point) }
            var charge = Charge(action: action)
            if name.count > 1 {
                guard name.count == 2, let time = UInt64(name[1]), time > 0 else {
                    throw .malformed(String(part))
                }
                charge.time = time
            }
            charges[point] = charge
        }
    }

    /// Arms what a variable of the environment names, for the life of the process; nothing if it has none.
    public static func arm(
        _ variable: String, of environment: [String: String]
    ) throws(FailpointError) {
        guard let text = environment[variable], !text.isEmpty else { return }
        try FailpointPlan(text).arm()
    }

    /// Arms it in place of what was armed before; a plan of nothing disarms all.
    func arm() {
        Self.armed.withLock { $0 = self }
        // No ordering: whoever sees it takes the lock for the rest.
        Self.isArmed.store(!charges.isEmpty, ordering: .relaxed)
    }

    static let nothing = FailpointPlan()
    private init() {}

    @usableFromInline static let isArmed = Atomic<Bool>(false)
    private static let armed = Mutex(FailpointPlan.nothing)

    @inlinable static var isAnyArmed: Bool { isArmed.load(ordering: .relaxed) }

    /// Counts that a place was reached.
    static func action(at point: Failpoint) -> FailpointAction? {
        armed.withLock { plan in
            guard var charge = plan.charges[point] else { return nil }
            charge.reached += 1
            plan.charges[point] = charge
            guard charge.time == nil || charge.time == charge.reached else { return nil }
            return charge.action
        }
    }
}
