/// Where an advice came from, as call records and `attune explain` name it.
package enum AdviceReason: String, Sendable {
    case configuration, learned
    case standard = "default"
}
