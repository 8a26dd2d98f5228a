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
