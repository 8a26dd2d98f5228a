/// What a gateway writes of its calls into the shared region.
package final class GatewayObservation: Sendable {
    package let names: ObservedNames
    /// By the loops' positions.
    let observers: [CallObserver]

    /// - Parameter observers: one a loop, in the loops' order.
    package init(names: ObservedNames, observers: [CallObserver]) {
        self.names = names
        self.observers = observers
    }
}
