/// How urgent a call is; prefetches and other guesses are always `background`.
package enum CallPriority: UInt8, CaseIterable, Sendable {
    case interactive, normal, background
}
