import Sessions

// Streams that a client may leave and resume.
extension LegacySession {
    /// How long servers are listened to for a client whose stream broke.
    static let resumptionMilliseconds = 60_000

    /// Whether the client's revision knows resumption.
    var isResumable: Bool { version >= .march2025 }

    /// Whether streams begin with an event that has an id and nothing else (2025-11-25).
    var wantsPriming: Bool { version >= .november2025 }

    /// Sends what belongs to no request: at once, or when the client resumes its stream.
    /// - Parameter isDroppable: true for what a slow reader may miss.
    func send(_ message: [UInt8], isDroppable: Bool) {
        stream(orElse: { keep(message, merges: false) })?.send(message, isDroppable: isDroppable)
    }

    /// Sends an announcement, of which equal ones are one for a client that does not read.
    func offer(_ message: [UInt8]) {
        stream(orElse: { keep(message, merges: true) })?.offer(message)
    }

    private func keep(_ message: [UInt8], merges: Bool) {
        if events.hasGeneral { events.record(message, on: EventLog.general, merges: merges) }
    }
}
