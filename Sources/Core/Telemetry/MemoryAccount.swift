import Synchronization

/// Counts the bytes that one part of the gateway holds, against a budget.
///
/// Whoever holds bytes reserves them first and releases exactly what it reserved. Used from any thread: the
/// counter is a sum and guards no other memory, so its operations need no ordering.
package final class MemoryAccount: Sendable {
    /// The most bytes that are lent.
    package let budgetBytes: Int
    private let used = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)

    /// - Parameter budgetBytes: `Int.max` counts without a bound.
    package init(budgetBytes: Int) { self.budgetBytes = max(0, budgetBytes) }

    /// What is held now.
    package var usedBytes: Int { used.load(ordering: .relaxed) }
    /// Whether more is held than the budget, because it could not be refused.
    package var isOverdrawn: Bool { usedBytes > budgetBytes }
    /// How often a reservation found no room.
    package var refusalCount: Int { refusals.load(ordering: .relaxed) }

    /// Takes room for more bytes.
    /// - Returns: false, and takes nothing, if they would exceed the budget.
    package func reserve(_ bytes: Int) -> Bool {
        guard bytes > 0 else { return true }
        let now = used.wrappingAdd(bytes, ordering: .relaxed).newValue
        if now <= budgetBytes, now >= bytes { return true }
        used.wrappingSubtract(bytes, ordering: .relaxed)
        refusals.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    /// Counts bytes that are there already and cannot be refused, such as what a kernel has handed over.
    package func add(_ bytes: Int) { used.wrappingAdd(max(0, bytes), ordering: .relaxed) }

    /// Gives back what was reserved or added.
    package func release(_ bytes: Int) { used.wrappingSubtract(max(0, bytes), ordering: .relaxed) }
}
