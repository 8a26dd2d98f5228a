/// Names one call that a client made; unique across restarts of the gateway.
///
/// The number starts from the wall clock in microseconds at the start of the process and counts up from
/// there, one sequence an event loop (the low six bits), so a later process begins above every number that an
/// earlier one gave as long as a loop stays under a million calls a second on average.
public struct CallID: Hashable, Sendable {
    public let rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Sixteen lower-case hexadecimal digits, as in the `Attune-Call-Id` header.
    public var text: String {
        // Proof: the closure writes the sixteen ASCII bytes that it says it has written.
        unsafe String(unsafeUninitializedCapacity: 16) { bytes in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: rawValue >> UInt64(60 - 4 * index)) & 0xF
                unsafe bytes[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return 16
        }
    }

    public init?(text: some StringProtocol) {
        guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
        self.init(value)
    }
}

/// Gives call ids on one event loop.
public struct CallIDSequence: Sendable {
    @usableFromInline var next: UInt64
    @usableFromInline static let loopBits: UInt64 = 6
    public static let maxLoops = 1 << Int(loopBits)

    /// - Parameter startMicroseconds: the wall clock when the process started, in microseconds since 1970.
    public init(loop: Int, startMicroseconds: UInt64) {
        precondition(loop >= 0 && loop < Self.maxLoops, "a call id has room for \(Self.maxLoops) loops")
        next = startMicroseconds << Self.loopBits | UInt64(loop)
    }

    @inlinable
    public mutating func take() -> CallID {
        defer { next += 1 << Self.loopBits }
        return CallID(next)
    }
}
