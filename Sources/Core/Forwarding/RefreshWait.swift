import Sessions

/// Counts down what a request waits for. Confined to the request's loop.
final class RefreshWait: @unchecked Sendable {
    // Proof of Sendable: tickets are taken on one loop only.
    private var missing: Int
    private var completion: (@Sendable () -> Void)?

    init(missing: Int, completion: @escaping @Sendable () -> Void) {
        self.missing = missing
        self.completion = completion
    }

    func ticket() -> Ticket { Ticket(self) }

    fileprivate func take() {
        missing -= 1
        guard missing == 0 else { return }
        let completion = self.completion
        self.completion = nil
        completion?()
    }

    /// Counts once, whether the time ran out or the work was done first.
    final class Ticket: @unchecked Sendable {
        // Proof of Sendable: taken on one loop only.
        private var wait: RefreshWait?
        /// Runs when the time is over.
        var timer: (any ScheduledWork)?

        init(_ wait: RefreshWait) { self.wait = wait }

        func take() {
            timer?.cancel()
            timer = nil
            let wait = self.wait
            self.wait = nil
            wait?.take()
        }
    }
}
