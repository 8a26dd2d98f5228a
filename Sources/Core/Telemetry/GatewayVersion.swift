/// The version of this program; nowhere else written.
package enum GatewayVersion {
    package static let text = "0.1.0"
}
