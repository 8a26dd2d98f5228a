extension HistoryError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .storage(let error): "\(error)"
        case .damaged(let id, let damage): "object \(id) is damaged: \(damage)"
        case .damagedReference(let model, let name): "\(name) of the model \(model) is damaged"
        case .noModel(let name): "there is no model \"\(name)\""
        case .noRevision(let text): "\"\(text)\" names no branch, tag or commit"
        case .ambiguous(let text, let commits): "\(commits) commits begin with \"\(text)\""
        case .malformedName(let kind, let name): "\"\(name)\" can't be the name of a \(kind.rawValue)"
        case .malformedMetric(let name): "the metric \"\(name)\" is not a finite number with a short name"
        case .exists(let kind, let name): "there is a \(kind.rawValue) \"\(name)\" already"
        case .noSuch(let kind, let name): "there is no \(kind.rawValue) \"\(name)\""
        case .checkedOut(let branch): "the branch \"\(branch)\" is checked out"
        case .moved(let expected, let found):
            "the branch was moved meanwhile: from \(Self.text(expected)) to \(Self.text(found))"
        case .tooLarge(let bound, let found, let limit):
            "\(bound) are \(found), at most \(limit) are taken"
        case .unmerged(let refusal): "nothing was merged: \(refusal)"
        case .noParent(let id): "the commit \(id.short) is a root: nothing is before it"
        case .thinned(let id): "the version before \(id.short) was let go of"
        case .bundle(let fault): "the bundle was not taken: \(fault)"
        }
    }

    private static func text(_ id: ObjectID?) -> String { id?.short ?? "nothing" }
}

extension HistoryError.Damage: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing: "it is missing"
        case .record: "its record is not what was written"
        case .base(let id): "the object \(id), which it is stored as a difference to, can't be used"
        case .content: "its bytes are not those that its id was made of"
        case .encoding: "its bytes are none of its kind"
        case .graft: "what says where it goes on from is not what was written"
        }
    }
}

extension HistoryError.MergeRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unrelated: "the two have no commit in common"
        case .kind(let kind): "nobody here can merge parts of the kind \"\(kind)\""
        case .parts: "the parts are not what their kind says"
        case .weight: "a weight is over 0 and at most 1000"
        }
    }
}

extension HistoryError.BundleFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notBundle: "it is no bundle of Attune's"
        case .unsupportedVersion(let version): "its format is \(version), which this program can't read"
        case .cutShort: "it is not whole"
        case .checksum: "its checksum is not that of its bytes"
        case .object(let index): "its object \(index) is not what its id says, or lacks what it needs"
        case .reference(let name): "its \(name) is not one"
        }
    }
}
