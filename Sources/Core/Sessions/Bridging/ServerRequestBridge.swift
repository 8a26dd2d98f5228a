import Wire

/// Carries a server's requests and their answers between server and client. All values are raw JSON.
package enum ServerRequestBridge {
    /// The request as the client is sent it.
    /// - Parameter id: the id towards the client, which is the progress token as well.
    package static func rewrite(_ message: [UInt8], _ frame: Frame, id: [UInt8]) -> [UInt8] {
        var splice = Splice()
        splice.replace(frame.id, with: id)
        if !frame.progressToken.isEmpty { splice.replace(frame.progressToken, with: id) }
        return splice.apply(to: message)
    }

    /// The client's answer as the server is sent it.
    /// - Parameter id: the server's own id, in its own type.
    package static func restore(_ answer: [UInt8], _ frame: Frame, id: [UInt8]) -> [UInt8] {
        var splice = Splice()
        splice.replace(frame.id, with: id)
        return splice.apply(to: answer)
    }

    /// A request as the gateway makes it of a client that was named to it without an id.
    /// - Parameter params: nil for none.
    package static func request(id: [UInt8], method: String, params: [UInt8]?) -> [UInt8] {
        var members = [
            (key: "jsonrpc", value: JSONWriter.quoted("2.0")), (key: "id", value: id),
            (key: "method", value: JSONWriter.quoted(method)),
        ]
        if let params { members.append((key: "params", value: params)) }
        return ObjectEdit.object(members)
    }
}
