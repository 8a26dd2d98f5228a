/// Branches, tags and HEAD. What a HEAD moves to is what a running learner goes on from.
extension ModelRepository {
    /// Whether there is such a branch or tag.
    public func has(_ reference: Reference, of model: ModelName) throws(HistoryError) -> Bool {
        try reader.references.target(model, reference) != nil
    }

    /// Makes a branch at a commit.
    ///
    /// - Throws: `exists`, `noModel`, `tooLarge`, `damaged`, `storage`.
    public func branch(
        _ model: ModelName, _ name: ModelName, at id: ObjectID, _ act: Act
    ) throws(HistoryError) {
        try make(model, .branch(name), at: id, act.doing(.branch, name.text))
    }

    /// Makes a tag at a commit, which then stays there.
    ///
    /// - Throws: as `branch`.
    public func tag(
        _ model: ModelName, _ name: ModelName, at id: ObjectID, _ act: Act
    ) throws(HistoryError) {
        try make(model, .tag(name), at: id, act.doing(.tag, name.text))
    }

    /// Deletes a branch or a tag; its commits go with a later `collect`, unless something else leads to them.
    ///
    /// - Throws: `noSuch`, `checkedOut`.
    public func delete(
        _ model: ModelName, _ reference: Reference, _ act: Act
    ) throws(HistoryError) {
        try changing { _, change throws(HistoryError) in
            guard let old = try reader.references.target(model, reference) else {
                throw .noSuch(reference.kind, reference.name)
            }
            if case .branch(let name) = reference, try reader.head(model)?.head == .branch(name) {
                throw .checkedOut(branch: name.text)
            }
            try change.move(model, reference, from: old, to: nil, act.doing(.delete, reference.name))
        }
    }

    /// Puts HEAD on a branch, which it moves from then on, or on a commit by itself.
    ///
    /// - Returns: the version that is in use from now on.
    /// - Throws: `noModel`, `noSuch`.
    @discardableResult public func checkout(
        _ model: ModelName, _ target: Head, _ act: Act
    ) throws(HistoryError) -> ObjectID {
        try changing { _, change throws(HistoryError) in
            guard let old = try reader.head(model) else { throw .noModel(model.text) }
            let id: ObjectID
            switch target {
            case .branch(let name):
                guard let tip = try reader.references.target(model, .branch(name)) else {
                    throw .noSuch(.branch, name.text)
                }
                id = tip
            case .detached(let commit): id = commit
            }
            _ = try own(id, of: model)
            guard old.head != target else { return id }
            change.point(model, at: target)
            try change.move(model, .head, from: old.commit, to: id, act.doing(.checkout, target.text))
            return id
        }
    }

    /// Moves HEAD, and the branch that it is on, to another version, such as an earlier one.
    ///
    /// The versions that are left stay reachable by the reflog until it expires.
    /// - Throws: `noModel`, `moved`.
    public func rollback(
        _ model: ModelName, to id: ObjectID, expecting expectation: Expectation = .anywhere, _ act: Act
    ) throws(HistoryError) {
        try changing { _, change throws(HistoryError) in
            guard let head = try self.head(model, expectation) else { throw .noModel(model.text) }
            let commit = try own(id, of: model)
            guard head.commit != id else { return }
            try change.advance(model, head, to: id, act.doing(.rollback, commit.title))
        }
    }

    private func make(
        _ model: ModelName, _ reference: Reference, at id: ObjectID, _ act: Act
    ) throws(HistoryError) {
        try changing { _, change throws(HistoryError) in
            _ = try own(id, of: model)
            guard try reader.references.target(model, reference) == nil else {
                throw .exists(reference.kind, reference.name)
            }
            try HistoryError.check(
                .references, try reader.references(model).count + 1, ModelLimits.references)
            try change.move(model, reference, from: nil, to: id, act)
        }
    }

    /// A commit of the model.
    func own(_ id: ObjectID, of model: ModelName) throws(HistoryError) -> ModelCommit {
        guard try reader.references.head(model) != nil else { throw .noModel(model.text) }
        let commit = try reader.commit(id)
        guard commit.model == model else { throw .noRevision(id.hex) }
        return commit
    }
}

extension Reference {
    var kind: HistoryError.NameKind { if case .tag = self { .tag } else { .branch } }

    /// Without its kind.
    public var name: String {
        switch self {
        case .head: "HEAD"
        case .branch(let name), .tag(let name): name.text
        }
    }
}

extension Head {
    /// The branch, or the commit.
    public var text: String {
        switch self {
        case .branch(let name): name.text
        case .detached(let id): id.short
        }
    }
}
