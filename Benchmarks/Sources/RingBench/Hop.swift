import Glibc
import SharedMemory

/// What goes through a ring in one measurement.
struct Hop {
    enum Language: String, CaseIterable {
        case swift
        case c
    }

    var language: Language
    /// Records that are published together.
    var batch: Int
    var count: Int

    /// The line that asks the reading half for it.
    var request: String { "\(language.rawValue) \(count)" }

    static let capacity: UInt64 = 4096

    /// Between two looks at what the other half is to do; on a busy machine it may not be running.
    static func wait(_ looks: inout Int) {
        looks += 1
        if looks.isMultiple(of: 1000) { sched_yield() }
        SpinWait.pause()
    }
}
