/// One item of a merged list.
struct CatalogEntry: Sendable {
    var exposedName: String
    /// The item's JSON with the exposed name in place of the server's own.
    var bytes: [UInt8]
    var route: Route
    /// For a resource template that URIs are matched against.
    var template: URITemplate?
}
