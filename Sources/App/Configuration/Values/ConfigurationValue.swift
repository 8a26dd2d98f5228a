/// A value of the configuration whose meaning belongs to another part of the gateway.
package indirect enum ConfigurationValue: Sendable, Equatable {
    case string(ExpandedText)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case array([ConfigurationValue])
    case table([String: ConfigurationValue])
}
