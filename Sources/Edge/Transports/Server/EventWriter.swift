import NIOCore

/// Writes server-sent events (WHATWG HTML, section 9.2) and HTTP/1.1 chunks.
enum EventWriter {
    /// Writes one event: its fields, one `data:` line for each line of the data, an empty line.
    ///
    /// Names and ids with line ends in them are left out: they would be read as further fields.
    static func write(
        name: StaticString?, id: String?, retryMilliseconds: Int?, data: [UInt8],
        into buffer: inout ByteBuffer
    ) {
        if let id, FieldValue.isSafe(id) {
            buffer.writeStaticString("id: ")
            buffer.writeString(id)
            buffer.writeStaticString("\n")
        }
        if let name {
            buffer.writeStaticString("event: ")
            buffer.writeStaticString(name)
            buffer.writeStaticString("\n")
        }
        if let retryMilliseconds {
            buffer.writeStaticString("retry: ")
            buffer.writeString(String(retryMilliseconds))
            buffer.writeStaticString("\n")
        }
        buffer.writeStaticString("data: ")
        if data.contains(0x0A) || data.contains(0x0D) {
            writeLines(data, &buffer)
        } else {
            buffer.writeBytes(data)
        }
        buffer.writeStaticString("\n\n")
    }

    private static func writeLines(_ data: [UInt8], _ buffer: inout ByteBuffer) {
        var start = 0
        var index = 0
        while index < data.count {
            let byte = data[index]
            if byte == 0x0A || byte == 0x0D {
                buffer.writeBytes(data[start..<index])
                buffer.writeStaticString("\ndata: ")
                let isPair = byte == 0x0D && index + 1 < data.count && data[index + 1] == 0x0A
                index += isPair ? 2 : 1
                start = index
            } else {
                index += 1
            }
        }
        buffer.writeBytes(data[start...])
    }

    /// Writes what `body` writes as one chunk (RFC 9112, section 7.1), its size in eight digits.
    static func writeChunk(into buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
        let sizeIndex = buffer.writerIndex
        buffer.writeStaticString("00000000\r\n")
        let start = buffer.writerIndex
        body(&buffer)
        var size = UInt32(truncatingIfNeeded: buffer.writerIndex - start)
        buffer.writeStaticString("\r\n")
        for digit in (0..<8).reversed() {
            let value = UInt8(size & 0xF)
            buffer.setInteger(value < 10 ? 0x30 + value : 0x57 + value, at: sizeIndex + digit)
            size >>= 4
        }
    }

    /// The bytes an event takes, or somewhat more.
    static func bytes(id: String?, data: [UInt8]) -> Int { data.count + (id?.utf8.count ?? 0) + 96 }
}
