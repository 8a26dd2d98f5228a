// What links hear of resources; callable on any loop.
extension ServerHub {
    /// A link brought a `notifications/resources/updated` that belongs to no request.
    func resourceUpdated(_ message: [UInt8], _ key: ResourceFeeds.Key) {
        home.run { self.feeds.heard(message, as: key) }
    }

    /// A link that was open has ended.
    func linkEnded(_ link: UpstreamLink, of key: ResourceFeeds.Key) {
        home.run { self.feeds.linkEnded(link, of: key) }
    }
}
