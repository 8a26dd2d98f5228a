/// What an operator asks of the gateway's own store while it is open.
package enum StoreTask: Sendable, Equatable {
    /// A copy in a directory that isn't there yet.
    case checkpoint(path: String)
    /// Its files written anew, without what is out of date.
    case compact

    package enum Outcome: Sendable, Equatable {
        /// - Parameter path: of the copy, or of the store.
        case done(path: String, bytesBefore: Int, bytesAfter: Int)
        /// - Parameter reason: a sentence for an operator.
        case failed(reason: String)
    }
}
