import Identifiers

/// Where an exposed name leads.
package struct Route: Hashable, Sendable {
    package var server: ServerID
    /// The server's own name or URI.
    package var upstreamName: String
    /// The same as JSON, quotes included, as the server wrote it.
    package var upstreamNameJSON: [UInt8]
    /// The item's position in the server's list; nil for a URI that no server listed. For a URI that matched
    /// a template, the template's position among the server's templates.
    package var index: Int?
    /// What the exposed name is called in the shared region; 0 where it has no name there.
    package var observedID: UInt32 = 0
}
