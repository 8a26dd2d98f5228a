import Foundation

/// What happens at an armed failpoint.
enum FailpointAction: Equatable, Sendable {
    /// The process gets SIGKILL.
    case kill
    /// The device fails.
    case inputOutput
    /// The disk is full.
    case noSpace
    case delay(milliseconds: UInt32)

    static let delayMilliseconds: UInt32 = 100
    static let mostDelayMilliseconds: UInt32 = 60_000

    /// `kill`, `error`, `nospace`, `delay` or `delay(MILLISECONDS)`; nil for anything else.
    init?(_ text: some StringProtocol) {
        switch text {
        case "kill": self = .kill
        case "error": self = .inputOutput
        case "nospace": self = .noSpace
        case "delay": self = .delay(milliseconds: Self.delayMilliseconds)
        default:
            guard text.hasPrefix("delay("), text.hasSuffix(")"),
                let number = UInt32(text.dropFirst(6).dropLast()), number <= Self.mostDelayMilliseconds
            else { return nil }
            self = .delay(milliseconds: number)
        }
    }

    var isFailure: Bool { self == .inputOutput || self == .noSpace }

    func take(at point: Failpoint) throws(StorageError) {
        switch self {
        case .kill:
            Glibc.kill(getpid(), SIGKILL)
            // The signal may take a moment, in which nothing more may be done.
            while true { pause() }
        case .inputOutput:
            guard let activity = point.facts.failure else { return }
            throw .inputOutput(activity, detail: "failpoint \(point.rawValue)")
        case .noSpace:
            guard let activity = point.facts.failure else { return }
            throw .noSpace(activity)
        case .delay(let milliseconds): usleep(milliseconds * 1000)
        }
    }
}
