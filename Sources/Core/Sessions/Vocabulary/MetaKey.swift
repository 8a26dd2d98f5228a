/// The protocol's own keys in `_meta`.
package enum MetaKey {
    package static let prefix = "io.modelcontextprotocol/"
    package static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    package static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    package static let clientInfo = "io.modelcontextprotocol/clientInfo"
    package static let logLevel = "io.modelcontextprotocol/logLevel"
    package static let serverInfo = "io.modelcontextprotocol/serverInfo"
    package static let relatedTask = "io.modelcontextprotocol/related-task"
    package static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
}
