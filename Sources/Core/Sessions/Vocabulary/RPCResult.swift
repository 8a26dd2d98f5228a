/// Writes JSON-RPC answers that carry a result.
package enum RPCResult {
    package static let empty: [UInt8] = Array("{}".utf8)

    /// The whole answer `{"jsonrpc":"2.0","id":ID,"result":RAW}`.
    /// - Parameters:
    ///   - id: the request's raw JSON id.
    ///   - result: the raw JSON of the result.
    package static func answer(id: [UInt8], result: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.count + id.count + middle.count + result.count + 1)
        bytes.append(contentsOf: head)
        bytes.append(contentsOf: id)
        bytes.append(contentsOf: middle)
        bytes.append(contentsOf: result)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static let head: [UInt8] = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private static let middle: [UInt8] = Array(#","result":"#.utf8)
}
