/// Something of one owner that is handed to the thread that becomes its next one.
final class Handed<Value: ~Copyable & Sendable>: @unchecked Sendable {
    // Proof: one thread takes the value, before which nobody uses it.
    private var value: Value?

    init(_ value: consuming Value) { self.value = consume value }

    func take() -> Value {
        guard let value = value.take() else { fatalError("taken twice") }
        return value
    }
}
