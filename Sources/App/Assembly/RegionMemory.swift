import Configuration
import Dashboard
import Synchronization
import Telemetry

/// Counts what the parts of the gateway's memory hold. Used from any thread.
package final class RegionMemory: Sendable {
    /// Bytes that connections hold of messages in transit.
    package let protocolHandlers: MemoryAccount
    /// Bytes that are kept of sessions and their streams.
    package let stateManagement: MemoryAccount
    /// Bytes of calls that wait.
    package let messageRouting: MemoryAccount
    private let configuration: GatewayConfiguration
    /// What is measured where it lies, by the part that it belongs to.
    private let measured = Mutex<[MemoryPart: [@Sendable () -> Int]]>([:])

    /// - Parameter configuration: that of the start; sizes do not change later.
    package init(_ configuration: GatewayConfiguration) {
        self.configuration = configuration
        let budgets = MemoryBudgets(configuration)
        protocolHandlers = MemoryAccount(budgetBytes: budgets[.protocolHandlers])
        stateManagement = MemoryAccount(budgetBytes: budgets[.stateManagement])
        messageRouting = MemoryAccount(budgetBytes: budgets[.messageRouting])
        for (part, account) in [
            (MemoryPart.protocolHandlers, protocolHandlers), (.stateManagement, stateManagement),
            (.messageRouting, messageRouting),
        ] {
            measure(part) { account.usedBytes }
        }
    }

    /// Adds something that holds bytes of a part.
    /// - Parameter usedBytes: called at each report, on any thread; must not block.
    package func measure(_ part: MemoryPart, _ usedBytes: @escaping @Sendable () -> Int) {
        measured.withLock { $0[part, default: []].append(usedBytes) }
    }

    func measure(_ region: CoreRegion) {
        measure(.rings) { [weak region] in region?.ringBytes ?? 0 }
        measure(.stateCache) { [weak region] in region?.tableBytes ?? 0 }
    }

    /// The bytes that a part holds now.
    package func usedBytes(of part: MemoryPart) -> Int {
        measured.withLock { $0[part] ?? [] }.reduce(0) { $0 + $1() }
    }

    var report: MemoryReport { MemoryReport(configuration) { usedBytes(of: $0) } }
}
