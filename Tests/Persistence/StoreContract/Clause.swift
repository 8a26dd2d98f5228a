/// One sentence of the contract of stores, with what shows that a store keeps it.
public struct Clause: Sendable, CustomStringConvertible {
    public let description: String
    public let check: @Sendable (Subject) throws -> Void

    init(_ sentence: String, _ check: @escaping @Sendable (Subject) throws -> Void) {
        description = sentence
        self.check = check
    }
}
