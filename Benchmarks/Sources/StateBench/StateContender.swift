/// A map under measurement: from texts to values of 256 bytes, and from numbers to numbers.
protocol StateContender: Sendable {
    static var name: String { get }
    init(keys: Int)
    func removeAll(texts: [String])
    func set(_ key: String, _ value: [UInt8])
    /// Copies the value out, as a caller would who goes on without the map.
    func get(_ key: String, into target: UnsafeMutableRawBufferPointer)
    func remove(_ key: String)
    func set(_ key: UInt64, _ value: UInt64)
    func get(_ key: UInt64) -> UInt64
}
