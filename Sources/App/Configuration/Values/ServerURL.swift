/// The address of an HTTP server and the headers that are sent to it.
package struct ServerURL: Sendable, Equatable {
    /// One header field, in the order of the file.
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: ExpandedText

        package init(name: String, value: ExpandedText) {
            self.name = name
            self.value = value
        }
    }

    /// `http://` or `https://`, with a host.
    package var url: ExpandedText
    package var headers: [Header]

    package init(url: ExpandedText, headers: [Header] = []) {
        self.url = url
        self.headers = headers
    }
}
