/// How urgent a call is; prefetches and other guesses are always `background`.
public enum CallPriority: UInt8, CaseIterable, Sendable {
    case interactive, normal, background
}
