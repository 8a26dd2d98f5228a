import Wire

/// Reads texts out of a scanned message.
package enum MessageText {
    /// The method's name, unescaped; empty if absent.
    package static func method(_ message: [UInt8], _ frame: Frame) -> String {
        guard !frame.method.isEmpty else { return "" }
        let quoted = ByteRange(start: frame.method.start &- 1, end: frame.method.end &+ 1)
        return JSONView(message, quoted).string ?? ""
    }

    /// `params.name`, unescaped; nil if absent or no string.
    package static func name(_ message: [UInt8], _ frame: Frame) -> String? {
        frame.paramsName.isEmpty ? nil : JSONView(message, frame.paramsName).string
    }

    /// `params.uri`, unescaped; nil if absent or no string.
    package static func uri(_ message: [UInt8], _ frame: Frame) -> String? {
        frame.paramsURI.isEmpty ? nil : JSONView(message, frame.paramsURI).string
    }

    /// The parameter that `Mcp-Name` repeats; nil if the method has none or it is absent or no string.
    package static func headerTarget(_ message: [UInt8], _ frame: Frame, _ method: Method) -> String? {
        switch method.headerTarget {
        case .name: name(message, frame)
        case .uri: uri(message, frame)
        case .taskID: frame.params.isEmpty ? nil : JSONView(message, frame.params)["taskId"]?.string
        case .none, .reference: nil
        }
    }
}
