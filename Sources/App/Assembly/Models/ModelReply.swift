import ModelHistory
import Orchestration
import Wire

/// What came of a request: something for people and something for programs, or why not.
package enum ModelReply: Equatable, Sendable {
    /// - Parameter data: a JSON value.
    case done(text: String, data: [UInt8])
    case failed(reason: String, next: String)

    static let malformed = ModelReply.failed(
        reason: "the request is none that this version knows",
        next: "use the same version of Attune for the command as for the learner")

    init(_ error: HistoryError) { self = .failed(reason: "\(error)", next: error.next) }

    var encoded: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        switch self {
        case .done(let text, let data):
            json.field("text", text)
            json.field("data", raw: data)
        case .failed(let reason, let next):
            json.field("reason", reason)
            json.field("next", next)
        }
        json.endObject()
        return json.bytes
    }

    /// nil from bytes that no reply has.
    init?(_ bytes: [UInt8]) {
        guard let view = try? JSONView(validating: bytes) else { return nil }
        if let text = view["text"]?.string, let data = view["data"] {
            self = .done(text: text, data: data.rawBytes)
        } else if let reason = view["reason"]?.string, let next = view["next"]?.string {
            self = .failed(reason: reason, next: next)
        } else {
            return nil
        }
    }
}

extension HistoryError {
    /// What an operator does about it.
    package var next: String {
        switch self {
        case .storage: "run `attune store verify --store learner` to see how it is"
        case .damaged, .damagedReference:
            "run `attune model fsck` to see how far it goes, and go back to a checkpoint or a bundle"
        case .noModel(LearnerModel.model.text):
            "the learner keeps its first version [learning] model_update_interval after the first calls; see "
                + "`attune status`"
        case .noModel: "run `attune model list` to see the models, and name one with --model"
        case .noRevision, .ambiguous: "run `attune model log` to see commits, and `attune model branch`"
        case .malformedName: "use letters, digits and . _ - (in branches and tags / too)"
        case .malformedMetric: "give finite numbers"
        case .exists: "choose another name, or delete it with --delete"
        case .noSuch: "run `attune model branch` and `attune model tag` to see what there is"
        case .checkedOut: "check another branch out first"
        case .moved: "run the command again"
        case .tooLarge: "make it smaller"
        case .unmerged(.unrelated): "give --allow-unrelated if that is meant"
        case .unmerged: "run `attune model show` on both to see what they are"
        case .noParent, .thinned: "choose a later commit"
        case .bundle: "have the bundle made again with `attune model bundle`"
        }
    }
}
