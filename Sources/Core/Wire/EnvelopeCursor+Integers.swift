extension EnvelopeCursor where Self: ~Copyable {
    /// Whether a validated number has neither fraction nor exponent.
    func isInteger(_ number: ByteRange) -> Bool {
        for at in number.range {
            let byte = unsafe source[at]
            if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") { return false }
        }
        return true
    }

    /// The value of a validated number, when it is an integer that fits.
    func integer(_ value: ByteRange) -> Int? {
        var number = 0
        var negative = false
        for at in value.range {
            let byte = unsafe source[at]
            if byte == UInt8(ascii: "-"), at == Int(value.start) {
                negative = true
                continue
            }
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
            let digit = Int(byte - UInt8(ascii: "0"))
            let (scaled, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }
}
