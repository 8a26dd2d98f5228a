import ArgumentParser
import Assembly
import Configuration

extension DataStore: ExpressibleByArgument {}

/// `--store NAME`.
struct StoreOption: ParsableArguments {
    @Option(help: "Only this store: core (the gateway's) or learner; else all that are there.")
    var store: DataStore?

    /// The stores that are meant, one at least.
    /// - Throws: `storing` if none is there.
    func chosen(_ configuration: GatewayConfiguration) throws(CommandFailure) -> [DataStore] {
        let found = (store.map { [$0] } ?? DataStore.allCases).filter { $0.isThere(configuration) }
        guard !found.isEmpty else {
            throw .storing(.missing(path: (store ?? .core).path(configuration)))
        }
        return found
    }
}
