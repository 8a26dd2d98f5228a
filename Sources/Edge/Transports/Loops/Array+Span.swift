extension [UInt8] {
    init(copying span: Span<UInt8>) {
        self.init()
        append(span)
    }

    mutating func append(_ span: Span<UInt8>) {
        // Proof: the pointer is used only within the call, while the span keeps its bytes alive.
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
