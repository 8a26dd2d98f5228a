import Glibc

/// A process, told from a later one of the same number by the time it was started.
public struct ProcessIdentity: Sendable, Hashable {
    public let processID: UInt64
    /// Clock ticks since the machine was started (field 22 of /proc/PID/stat, proc_pid_stat(5)).
    public let startTicks: UInt64

    public init(processID: UInt64, startTicks: UInt64) {
        self.processID = processID
        self.startTicks = startTicks
    }

    /// The process `processID` as it runs now; nil if there is none.
    public init?(running processID: UInt64) {
        guard let text = ProcFile.read("/proc/\(processID)/stat"), let ticks = Self.startTicks(text)
        else { return nil }
        self.init(processID: processID, startTicks: ticks)
    }

    /// This process; nil without a /proc.
    public static func current() -> ProcessIdentity? { ProcessIdentity(running: UInt64(getpid())) }

    /// True while this very process runs (or waits, ended, for its parent).
    public var isRunning: Bool { ProcessIdentity(running: processID) == self }

    /// The 20th field behind the name, which stands in parentheses and may hold anything.
    static func startTicks(_ stat: [UInt8]) -> UInt64? {
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count >= 20 else { return nil }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }
}
