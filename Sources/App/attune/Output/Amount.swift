import Foundation

/// Writes durations and sizes for people.
enum Amount {
    static func duration(microseconds: Int64) -> String {
        switch microseconds {
        case ..<1000: "\(microseconds) us"
        case ..<10_000: String(format: "%.2f ms", Double(microseconds) / 1000)
        case ..<1_000_000: String(format: "%.0f ms", Double(microseconds) / 1000)
        default: String(format: "%.2f s", Double(microseconds) / 1_000_000)
        }
    }

    /// Three significant digits or, from 1000, whole numbers.
    static func number(_ value: Double) -> String {
        String(format: value.magnitude < 1000 ? "%.3g" : "%.0f", value)
    }

    /// A size in the largest unit that it reaches, of those with factors of 1024.
    static func bytes(_ bytes: Int64) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes >= 1 << shift {
            let whole = bytes >> shift
            if whole << shift == bytes { return "\(whole) \(unit)" }
            return String(
                format: whole < 100 ? "%.1f %@" : "%.0f %@", Double(bytes) / Double(1 << shift), unit)
        }
        return "\(bytes) B"
    }

    static func uptime(seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86400) d \(seconds / 3600 % 24) h"
        }
    }
}
