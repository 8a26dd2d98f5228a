/// How many calls may and do run and wait.
@usableFromInline
struct AdmissionCounts: Sendable {
    @usableFromInline var limit: Int
    @usableFromInline var queueBound: Int
    @usableFromInline var running = 0
    @usableFromInline var waiting = 0

    @inlinable init(limit: Int, queueBound: Int) {
        self.limit = limit
        self.queueBound = queueBound
    }
}
