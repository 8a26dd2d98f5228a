/// What became of the wish to follow a resource.
enum FollowOutcome: Sendable {
    case following
    /// The server refused, with this raw JSON error if it gave one.
    case refused([UInt8]?)
    /// The server offers no subscriptions.
    case notOffered
    /// As many resources are followed as may be.
    case full(limit: Int)
    case failed(LinkFailure)
}
