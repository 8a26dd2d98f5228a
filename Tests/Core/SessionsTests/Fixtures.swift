import Sessions
import Wire

/// A scanned message.
struct Message {
    let bytes: [UInt8]
    let frame: Frame

    init(_ text: String) throws {
        bytes = Array(text.utf8)
        frame = try Scanner.scan(bytes)
    }

    var method: Sessions.Method { Sessions.Method(of: frame, in: bytes) }
}

func view(_ text: String) throws -> JSONView { try JSONView(validating: Array(text.utf8)) }

func raw(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A small generator whose seed a failing test prints (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
