import Identifiers

/// What the `requestState` of a call says that a legacy server's question parked.
///
/// It leaves the gateway sealed, so it only names the call; the request and its principal are compared where
/// the call is kept.
///
/// ```
/// offset  size
///      0     1  layout, 1
///      1     8  the run of the gateway that keeps the call, big-endian
///      9     8  the call
///     17     8  when the client was asked, in nanoseconds of that gateway's clock
/// ```
package struct RequestState: Hashable, Sendable {
    package var instance: UInt64
    package var call: UInt64
    package var madeAt: MonotonicTime

    package init(instance: UInt64, call: UInt64, madeAt: MonotonicTime) {
        self.instance = instance
        self.call = call
        self.madeAt = madeAt
    }

    /// - Returns: nil if this is not such a value.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.size, bytes[0] == Self.layout else { return nil }
        instance = Self.number(bytes[1..<9])
        call = Self.number(bytes[9..<17])
        madeAt = MonotonicTime(nanoseconds: Self.number(bytes[17..<25]))
    }

    package var bytes: [UInt8] {
        var bytes = [Self.layout]
        for number in [instance, call, madeAt.nanoseconds] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// What a sealed state is bound to.
    package static func context(_ principal: Principal) -> [UInt8] {
        Array("attune requestState\u{0}".utf8) + Array(principal.name.utf8)
    }

    /// The longest token that is tried to be opened.
    package static let maxTokenBytes = 512

    private static let layout: UInt8 = 1
    private static let size = 25

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
