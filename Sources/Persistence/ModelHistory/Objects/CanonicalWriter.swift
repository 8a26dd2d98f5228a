/// Writes the bytes that ids are made of: integers big-endian and of fixed width, runs behind their length,
/// so that a value has one encoding only.
struct CanonicalWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func integer(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func count(_ value: Int) { integer(UInt32(value)) }

    /// A length of 32 bits, then the UTF-8.
    mutating func text(_ text: String) {
        let run = Array(text.utf8)
        count(run.count)
        bytes += run
    }

    mutating func id(_ id: ObjectID) { bytes += id.bytes }

    mutating func raw(_ run: some Sequence<UInt8>) { bytes += run }
}
