/// Something that those who watch the gateway want to hear of at once.
package enum TelemetryEvent: Sendable {
    case call(CallRecord)
    /// A server's state changed. `state` is what `attune ls servers` shows.
    case server(name: String, state: String, detail: String)
    /// The tools, prompts or resources that are served changed.
    case catalogChanged
    /// The configuration was loaded anew.
    case reloaded
}
