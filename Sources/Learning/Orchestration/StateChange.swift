/// A change that the learner makes to its state table.
package enum StateChange: Sendable, Equatable {
    case put(key: [UInt8], value: [UInt8], lifetime: Duration?)
    case delete(key: [UInt8])
}
