import Learners

/// Predicts what a session calls next: tools with their arguments where there is room for that, else tools.
struct CallPredictor: Sendable {
    /// One of the two is there.
    private var plain: NextTool?
    private var full: NextCall?

    init(_ sizes: PatternSizes, seed: UInt64) {
        if sizes.hasArguments {
            full = NextCall(sizes: sizes.sequence, seed: seed)
        } else {
            plain = NextTool(sizes.sequence, seed: seed)
        }
    }

    var hasArguments: Bool { full != nil }

    var names: ToolNames { full?.tools ?? plain?.tools ?? ToolNames() }

    /// See `NextTool.symbol`.
    mutating func symbol(server: String, tool: String) -> Int? {
        full != nil ? full?.symbol(server: server, tool: tool) : plain?.symbol(server: server, tool: tool)
    }

    mutating func begin(session: UInt64, agent: String) {
        full?.begin(session: session, agent: agent)
        plain?.begin(session: session, agent: agent)
    }

    /// Tools by falling probability; they sum to one.
    mutating func tools(session: UInt64, _ vocabulary: SequenceVocabulary) -> [NextTool.Candidate] {
        full?.tools(session: session, vocabulary) ?? plain?.predict(session: session, vocabulary) ?? []
    }

    /// Calls by falling probability; none where arguments are not predicted.
    mutating func calls(session: UInt64, _ vocabulary: SequenceVocabulary) -> [NextCall.Candidate] {
        full?.predict(session: session, vocabulary) ?? []
    }

    mutating func observe(_ call: SequenceCall, session: UInt64, _ vocabulary: SequenceVocabulary) {
        full?.observe(call, session: session, vocabulary)
        plain?.observe(call, session: session, vocabulary)
    }

    mutating func end(session: UInt64) {
        full?.end(session: session)
        plain?.end(session: session)
    }

    /// What it holds without sessions, in bytes.
    var memoryBytes: Int {
        full?.modelBytes ?? plain.map { $0.memoryBytes - $0.sessionCount * NextTool.sessionBytes } ?? 0
    }
}

extension CallPredictor {
    /// Writes what is known of tools: hashes, counts and weights, and the names of tools.
    func saveTools(to encoder: inout ByteEncoder) { (full?.sequence ?? plain)?.save(to: &encoder) }

    /// Writes everything, texts of arguments and results among it.
    func saveAll(to encoder: inout ByteEncoder) {
        full?.save(to: &encoder)
        plain?.save(to: &encoder)
    }

    /// Reads what `saveTools` wrote; nil from bytes that none of these sizes wrote.
    init?(_ sizes: PatternSizes, restoringTools decoder: inout ByteDecoder) {
        guard let tools = NextTool(sizes.sequence, restoring: &decoder) else { return nil }
        if sizes.hasArguments {
            full = NextCall(sizes: sizes.sequence, knowing: tools)
        } else {
            plain = tools
        }
    }

    /// Reads what `saveAll` wrote; nil from bytes that none of these sizes wrote.
    init?(_ sizes: PatternSizes, restoringAll decoder: inout ByteDecoder) {
        if sizes.hasArguments {
            guard let read = NextCall(sizes: sizes.sequence, restoring: &decoder) else { return nil }
            full = read
        } else {
            guard let read = NextTool(sizes.sequence, restoring: &decoder) else { return nil }
            plain = read
        }
    }
}
