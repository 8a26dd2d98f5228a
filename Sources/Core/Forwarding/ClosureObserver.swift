import Wire

/// Hears of one of the gateway's own requests. Notifications that come with the answer are dropped.
final class ClosureObserver: LinkObserver, @unchecked Sendable {
    // Proof of Sendable: called on the loop that made the request only, once.
    struct Answer {
        let message: [UInt8]
        let frame: Frame
    }

    private var completion: ((Result<Answer, LinkFailure>) -> Void)?

    init(_ completion: @escaping (Result<Answer, LinkFailure>) -> Void) { self.completion = completion }

    /// False once the completion has been called.
    var isWaiting: Bool { completion != nil }

    func notified(_ message: [UInt8], _ frame: Frame) {}

    func answered(_ message: [UInt8], _ frame: Frame) {
        finish(.success(Answer(message: message, frame: frame)))
    }

    func failed(_ failure: LinkFailure) { finish(.failure(failure)) }

    private func finish(_ result: Result<Answer, LinkFailure>) {
        let completion = self.completion
        self.completion = nil
        completion?(result)
    }
}
