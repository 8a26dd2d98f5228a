/// One row of `/api/v1/models`: a model, the version in use, its branches and its last versions.
package struct ModelRow: Sendable {
    package struct Version: Sendable, Equatable {
        /// In hexadecimal.
        package var id: String
        package var version: UInt64
        package var microseconds: UInt64
        package var author: String
        /// The first line.
        package var message: String
        package var metrics: [String: Double]

        package init(
            id: String, version: UInt64, microseconds: UInt64, author: String, message: String,
            metrics: [String: Double]
        ) {
            self.id = id
            self.version = version
            self.microseconds = microseconds
            self.author = author
            self.message = message
            self.metrics = metrics
        }
    }

    package var name: String
    /// The branch that HEAD is on; nil for a version by itself.
    package var branch: String?
    package var head: Version?
    package var branches: [(name: String, id: String)]
    /// From HEAD on back.
    package var recent: [Version]

    package init(
        name: String, branch: String?, head: Version?, branches: [(name: String, id: String)],
        recent: [Version]
    ) {
        self.name = name
        self.branch = branch
        self.head = head
        self.branches = branches
        self.recent = recent
    }
}
