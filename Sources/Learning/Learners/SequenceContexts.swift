/// The contexts in which a sequence learner counts what comes next.
enum SequenceContexts {
    /// Suffixes of 1 to 6 tools come first: contexts 0 to 5.
    static let suffixes = 6
    static let count = 22
    /// The latest call with its arguments, and the latest two.
    static let call = 9
    static let twoCalls = 10
    /// The contexts that are features of `SoftmaxExpert`.
    static let features = [0, 1, 2, 6, 7, 9, 10, 12, 13]
    /// Suffixes that also speak on the logarithmic scale; the others only in the estimate.
    @inline(__always)
    static func isMixed(_ kind: Int) -> Bool { kind != 2 && kind != 4 && kind != 5 }

    /// Computes the hashes for the call that comes next.
    /// - Parameters:
    ///   - shape: how the latest result looks.
    ///   - keys: the keys of the latest arguments.
    ///   - result: the latest result itself.
    static func fill(_ trail: inout SequenceTrail, shape: UInt64, keys: UInt64, result: UInt64) {
        let recent = trail.recent
        var suffix: UInt64 = 0x51F1
        // A suffix of k tools; one that reaches the session's start ends with a mark.
        for k in 0..<suffixes {
            if k < recent.count {
                suffix = HashMix.mix(suffix, UInt64(truncatingIfNeeded: recent[k]) &+ 2)
            } else if k == recent.count {
                suffix = HashMix.mix(suffix, 1)
            } else {
                trail.contexts[k] = 0
                continue
            }
            trail.contexts[k] = suffix
        }
        var next = suffixes
        func set(_ trail: inout SequenceTrail, _ a: UInt64, _ b: UInt64) {
            trail.contexts[next] = HashMix.mix(a &+ UInt64(next) << 56, b)
            next += 1
        }
        if trail.agent != 0 {
            for k in 0..<3 where trail.contexts[k] != 0 {
                trail.contexts[suffixes + k] = HashMix.mix(trail.contexts[k], trail.agent)
            }
        }
        next += 3
        guard let first = recent.first else { return }
        let latest = HashMix.mix(UInt64(truncatingIfNeeded: first) &+ 2)
        func tool(_ back: Int) -> UInt64 {
            back < recent.count ? UInt64(truncatingIfNeeded: recent[back]) &+ 2 : 1
        }
        let exact = trail.exact
        func call(_ back: Int) -> UInt64 { back < exact.count ? exact[back] : 1 }
        set(&trail, call(0), 0)
        set(&trail, call(0), call(1))
        set(&trail, latest, result)
        set(&trail, latest, keys)
        set(&trail, 0, tool(1))
        set(&trail, latest, tool(2))
        set(&trail, trail.toolSet, latest)
        set(&trail, trail.callSet, 0)
        set(&trail, trail.firstExact, latest)
        set(&trail, trail.firstExact, UInt64(trail.calls))
        set(&trail, HashMix.mix(latest, UInt64(min(trail.run, 12))), shape)
        set(&trail, latest, UInt64(min(trail.calls, 16)))
        set(&trail, trail.contexts[1], trail.parallel)
    }
}
