import Routing
import Sessions

/// The ids that records in the shared region have in place of names.
package final class ObservedNames: Sendable {
    /// What a name is of. The raw values stand in the shared region.
    package enum Kind: UInt8, Sendable {
        case server = 1
        case tool, session, principal, method, other
    }

    /// By the methods' raw values.
    let methods: [UInt32]
    private let intern: @Sendable (Kind, String) -> UInt32

    /// - Parameter intern: gives the id of a name, the same every time while it is remembered; 0 if it can
    ///   have none. Called on any thread.
    package init(_ intern: @escaping @Sendable (Kind, String) -> UInt32) {
        self.intern = intern
        methods = Method.allCases.map { $0 == .other ? 0 : intern(.method, $0.text) }
    }

    func server(_ name: String) -> UInt32 { intern(.server, name) }
    func session(_ name: String) -> UInt32 { intern(.session, name) }
    func principal(_ name: String) -> UInt32 { intern(.principal, name) }

    /// Something that a list shows: only tools are remembered for good.
    func item(_ kind: ListKind, _ name: String) -> UInt32 { intern(kind == .tools ? .tool : .other, name) }

    /// Whatever a client may have made up.
    func other(_ name: String) -> UInt32 { intern(.other, name) }
}
