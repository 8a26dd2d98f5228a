import Sessions

/// Carries what is confined to a loop through code that runs elsewhere.
///
/// Proof of Sendable: the value is only reached inside `use`, which runs on its loop.
final class LoopBound<Value>: @unchecked Sendable {
    private let value: Value
    private let loop: any Loop

    /// Called on `loop`.
    init(_ value: Value, on loop: any Loop) {
        self.value = value
        self.loop = loop
    }

    /// Runs `body` on the loop, soon.
    func use(_ body: @escaping @Sendable (Value) -> Void) {
        loop.execute { body(self.value) }
    }
}
