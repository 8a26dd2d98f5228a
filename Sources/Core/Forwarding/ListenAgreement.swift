import Sessions

/// Gathers what servers say to the resources of one listen request. Confined to the loop of its client.
final class ListenAgreement: @unchecked Sendable {
    // Proof of Sendable: the timer and the followers call back on the client's loop.
    private var open: [String: Bool] = [:]
    private let order: [String]
    private var missing: Int
    private var completion: (([String]) -> Void)?
    var timer: (any ScheduledWork)?

    /// - Parameter completion: called once with the resources that no server has refused.
    init(_ uris: [String], _ completion: @escaping ([String]) -> Void) {
        var seen: Set<String> = []
        order = uris.filter { seen.insert($0).inserted }
        missing = uris.count
        self.completion = completion
    }

    func settled(_ uri: String, _ outcome: FollowOutcome) {
        switch outcome {
        // A server that is away is asked again when it is back.
        case .following, .failed: open[uri] = true
        case .refused, .notOffered, .full: open[uri] = false
        }
        missing -= 1
        if missing == 0 { close() }
    }

    /// Waits no longer.
    func close() {
        timer?.cancel()
        timer = nil
        completion.take()?(order.filter { open[$0] ?? true })
    }
}
