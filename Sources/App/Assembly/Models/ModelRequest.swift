import ModelHistory
import Wire

/// A change of a model's history that an operator asks for.
package struct ModelRequest: Equatable, Sendable {
    package enum Deed: Equatable, Sendable {
        /// A branch, or else a commit by itself.
        case checkout(String)
        case tag(String, at: String)
        case branch(String, at: String)
        case deleteTag(String)
        case deleteBranch(String)
        case merge(String, weight: Double, allowsUnrelated: Bool, alwaysCommits: Bool)
        case revert(String)
        case rollback(String)
        /// What is older than so many days of the reflog leads to nothing any more.
        /// - Parameter versionDays: for how long versions of the learner are kept, ever fewer; 0 for all.
        case collect(days: Int, versionDays: Int)
        /// A bundle of so many bytes, which follow.
        case take(bytes: Int)
    }

    package var model: String
    package var author: String
    /// Of the commit that is made; empty for one that says what was done.
    package var message: String
    package var deed: Deed

    package init(model: String, author: String, message: String = "", _ deed: Deed) {
        self.model = model
        self.author = author
        self.message = message
        self.deed = deed
    }

    /// The command that asks for it.
    package var action: String {
        switch deed {
        case .checkout: "model checkout"
        case .tag, .deleteTag: "model tag"
        case .branch, .deleteBranch: "model branch"
        case .merge: "model merge"
        case .revert: "model revert"
        case .rollback: "model rollback"
        case .collect: "model gc"
        case .take: "model import"
        }
    }

    package var encoded: [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("model", model)
        json.field("author", author)
        json.field("message", message)
        switch deed {
        case .checkout(let target): Self.write("checkout", target, &json)
        case .tag(let name, let revision):
            Self.write("tag", name, &json)
            json.field("revision", revision)
        case .branch(let name, let revision):
            Self.write("branch", name, &json)
            json.field("revision", revision)
        case .deleteTag(let name): Self.write("delete_tag", name, &json)
        case .deleteBranch(let name): Self.write("delete_branch", name, &json)
        case .merge(let revision, let weight, let allowsUnrelated, let alwaysCommits):
            Self.write("merge", revision, &json)
            json.field("weight", weight)
            json.field("allow_unrelated", allowsUnrelated)
            json.field("always_commit", alwaysCommits)
        case .revert(let revision): Self.write("revert", revision, &json)
        case .rollback(let revision): Self.write("rollback", revision, &json)
        case .collect(let days, let versionDays):
            Self.write("gc", "", &json)
            json.field("days", days)
            json.field("version_days", versionDays)
        case .take(let bytes):
            Self.write("import", "", &json)
            json.field("bytes", bytes)
        }
        json.endObject()
        return json.bytes
    }

    private static func write(_ deed: String, _ name: String, _ json: inout JSONWriter) {
        json.field("do", deed)
        json.field("name", name)
    }

    /// nil from bytes that no request has.
    package init?(_ bytes: [UInt8]) {
        guard let view = try? JSONView(validating: bytes), let model = view["model"]?.string,
            let author = view["author"]?.string, let message = view["message"]?.string,
            let name = view["name"]?.string, let verb = view["do"]?.string,
            let deed = Self.deed(verb, name, view)
        else { return nil }
        self.init(model: model, author: author, message: message, deed)
    }

    private static func deed(_ verb: String, _ name: String, _ view: JSONView) -> Deed? {
        switch verb {
        case "checkout": .checkout(name)
        case "tag": view["revision"]?.string.map { .tag(name, at: $0) }
        case "branch": view["revision"]?.string.map { .branch(name, at: $0) }
        case "delete_tag": .deleteTag(name)
        case "delete_branch": .deleteBranch(name)
        case "merge":
            view["weight"]?.double.map {
                .merge(
                    name, weight: $0, allowsUnrelated: view["allow_unrelated"]?.bool ?? false,
                    alwaysCommits: view["always_commit"]?.bool ?? false)
            }
        case "revert": .revert(name)
        case "rollback": .rollback(name)
        case "gc":
            view["days"]?.int.map {
                .collect(
                    days: Int(clamping: $0), versionDays: Int(clamping: view["version_days"]?.int ?? 0))
            }
        case "import": view["bytes"]?.int.map { .take(bytes: Int(clamping: $0)) }
        default: nil
        }
    }
}
