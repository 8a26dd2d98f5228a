/// What a sealed value begins with.
///
///     offset  bytes  what
///     0       1      the form: 1
///     1       4      epoch of the data key, little-endian as all numbers here
///     5       4      id of the data key
///     9       12     the run
///     21      8      the value's number within the run
///     29      …      the ciphertext, as long as the value
///     …       16     the tag of AES-256-GCM
struct RecordHeader: Equatable {
    static let form: UInt8 = 1
    static let length = 29
    static let runLength = 12
    static let numberLength = 8
    static let tagLength = 16
    /// What sealing adds to a value.
    static let addedBytes = length + tagLength

    var epoch: UInt32
    var keyID: ArraySlice<UInt8>
    var run: ArraySlice<UInt8>
    var number: UInt64

    init(_ key: DataKey, run: [UInt8], number: UInt64) {
        epoch = key.epoch
        keyID = key.id[...]
        self.run = run[...]
        self.number = number
    }

    /// Nil unless the bytes can be a sealed value.
    init?(_ record: [UInt8]) {
        guard record.count >= Self.addedBytes, record[0] == Self.form else { return nil }
        epoch = record[1..<5].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        keyID = record[5..<9]
        run = record[9..<21]
        number = record[21..<29].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(Self.form)
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: epoch >> shift))
        }
        bytes += keyID
        bytes += run
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
