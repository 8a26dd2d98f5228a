extension StaticString {
    /// The UTF-8 bytes of the literal.
    package var bytes: Span<UInt8> {
        @_lifetime(immortal)
        get {
            precondition(hasPointerRepresentation, "a literal of one scalar has no bytes in memory")
            // Proof: a literal's bytes are in read-only data for the life of the program.
            let span = unsafe Span(_unsafeStart: utf8Start, count: utf8CodeUnitCount)
            // Proof: as above; the span outlives nothing.
            return unsafe _overrideLifetime(span, borrowing: ())
        }
    }
}
