import Wire

/// What a `completion/complete` asks about.
package enum CompletionReference: Hashable, Sendable {
    /// - Parameter range: the raw value of `params.ref.name`.
    case prompt(name: String, ByteRange)
    /// - Parameter range: the raw value of `params.ref.uri`.
    case resource(uri: String, ByteRange)

    /// Nil unless `params.ref` is of a known type and complete.
    package init?(_ message: [UInt8], _ frame: Frame) {
        guard !frame.params.isEmpty, let reference = JSONView(message, frame.params)["ref"] else {
            return nil
        }
        switch reference["type"]?.string {
        case "ref/prompt":
            guard let value = reference["name"], let name = value.string else { return nil }
            self = .prompt(name: name, value.range)
        case "ref/resource":
            guard let value = reference["uri"], let uri = value.string else { return nil }
            self = .resource(uri: uri, value.range)
        default: return nil
        }
    }
}
