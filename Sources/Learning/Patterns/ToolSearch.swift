import Learners

/// Finds the tools that a question in words asks for.
///
/// `score = weights . (BM25 of words, BM25 of runs of four letters, nearest past query, near past queries,
/// how often the words led to the tool, how often the tool was right, best tool of its server, how often its
/// server was right, good tools of its server)`; the weights are learned online from each question's right
/// tools, by gradient of a softmax over the best candidates (Cao et al.: "Learning to rank: from pairwise
/// approach to listwise approach", ICML 2007), with AdaGrad's steps.
///
/// Memory: that of two `InvertedIndex`es and a `QueryLog`, 64 bytes a tool.
/// - Complexity: one addition for each tool and past query that shares a feature with the question.
package struct ToolSearch: Sendable {
    /// What is known of a tool.
    package struct Tool: Sendable {
        package var server: String
        package var name: String
        package var description: String
        /// Names and descriptions of its parameters.
        package var parameters: String

        package init(server: String, name: String, description: String, parameters: String) {
            (self.server, self.name) = (server, name)
            (self.description, self.parameters) = (description, parameters)
        }
    }

    private static let inputs = 9
    /// How many candidates a question teaches the weights with.
    private static let candidates = 60
    private static let rate: Float = 0.05
    private static let runWeight: Float = 0.3

    private var words = InvertedIndex()
    private var runs = InvertedIndex()
    private var log = QueryLog()
    private var servers: [UInt64: Int32] = [:]
    private var serverOf: [Int32] = []
    private var toolCounts: [Float] = []
    private var serverCounts: [Float] = []
    private var weights: [Float] = [3, 3, 3, 3, 2, 0.3, 1, 0, 0.5]
    private var energy = [Float](repeating: 1, count: inputs)

    package init() {}

    package var count: Int { words.count }

    package var memoryBytes: Int {
        words.memoryBytes + runs.memoryBytes + log.memoryBytes + (serverOf.count + serverCounts.count) * 64
    }

    /// Adds a tool, which gets the next number from 0; false where there is room for no more.
    package mutating func insert(_ tool: Tool) -> Bool {
        var features = TextFeatures()
        for (text, weight) in [
            (tool.name, 3 as Float), (tool.description, 1), (tool.parameters, 0.5), (tool.server, 1),
        ] {
            features.insert(Array(text.utf8), weight: weight)
        }
        guard words.insert(features.words), runs.insert(features.runs) else { return false }
        let server = HashMix.hash(Array(tool.server.utf8)[...])
        let number = servers[server] ?? Int32(servers.count)
        if servers[server] == nil {
            servers[server] = number
            serverCounts.append(0)
        }
        serverOf.append(number)
        toolCounts.append(0)
        return true
    }

    /// The best tools for a question, the best first, with the softmax of their scores.
    package func rank(_ question: String, most: Int) -> [(tool: Int, probability: Float)] {
        let query = Query(question)
        let rows = inputs(query)
        var scores = scores(rows)
        let order = Self.best(scores, most)
        Transcendental.softmax(&scores, share: 0)
        return order.map { ($0, scores[$0]) }
    }

    /// Learns which tools were right.
    package mutating func learn(_ question: String, tools: [Int]) {
        let relevant = Set(tools.filter { $0 >= 0 && $0 < count }).sorted()
        guard !relevant.isEmpty else { return }
        let query = Query(question)
        step(inputs(query), relevant)
        log.insert(query.joined, tools: relevant)
        for tool in relevant {
            toolCounts[tool] += 1
            serverCounts[Int(serverOf[tool])] += 1
        }
    }

    /// A question as words, as runs of letters, and as both.
    private struct Query {
        let words: [TextFeatures.Feature]
        let runs: [TextFeatures.Feature]
        let joined: [TextFeatures.Feature]

        init(_ question: String) {
            let features = TextFeatures(Array(question.utf8))
            (words, runs) = (features.words, features.runs)
            joined = words + runs.map { .init(hash: $0.hash, count: $0.count * runWeight) }
        }
    }

    /// The inputs of each tool, one row an input.
    private func inputs(_ query: Query) -> [[Float]] {
        var byWords = [Float](repeating: 0, count: count)
        var byRuns = byWords
        words.score(query.words, to: &byWords)
        runs.score(query.runs, to: &byRuns)
        Self.scale(&byWords)
        Self.scale(&byRuns)
        var votes = log.votes(query.joined, documents: count)
        Self.scale(&votes.words)
        var best = [Float](repeating: 0, count: serverCounts.count)
        var good = best
        for tool in 0..<count {
            let (server, text) = (Int(serverOf[tool]), (byWords[tool] + byRuns[tool]) / 2)
            best[server] = max(best[server], text)
            good[server] += max(0, text - 0.5)
        }
        let asked = Float(log.count)
        let all = serverCounts.reduce(0, +) + 0.5 * Float(serverCounts.count)
        let shares = serverCounts.map {
            Transcendental.logarithm(($0 + 0.5) / max(all, 0.5) * Float(serverCounts.count))
        }
        let never = Transcendental.logarithm(2 / (asked + 1) + 0.1)
        return [
            byWords, byRuns, votes.nearest, votes.summed, votes.words,
            toolCounts.map {
                $0 == 0 ? never : Transcendental.logarithm(($0 + 0.1) / (asked + 1) * 20 + 0.1)
            },
            serverOf.map { best[Int($0)] }, serverOf.map { shares[Int($0)] }, serverOf.map { good[Int($0)] },
        ]
    }

    private static func scale(_ scores: inout [Float]) {
        guard let most = scores.max(), most > 0 else { return }
        for index in scores.indices { scores[index] /= most }
    }

    private func scores(_ rows: [[Float]]) -> [Float] {
        var scores = [Float](repeating: 0, count: count)
        for (input, row) in rows.enumerated() {
            for tool in 0..<count { scores[tool] += weights[input] * row[tool] }
        }
        return scores
    }

    /// The places of the greatest scores, the first of equal ones first.
    private static func best(_ scores: [Float], _ most: Int) -> [Int] {
        let most = min(most, scores.count)
        guard most > 0 else { return [] }
        var places: [Int] = []
        for place in scores.indices {
            if places.count == most, scores[place] <= scores[places[most - 1]] { continue }
            var position = places.count
            while position > 0, scores[places[position - 1]] < scores[place] { position -= 1 }
            places.insert(place, at: position)
            if places.count > most { places.removeLast() }
        }
        return places
    }

    private mutating func step(_ rows: [[Float]], _ relevant: [Int]) {
        let scores = scores(rows)
        let chosen = Set(Self.best(scores, Self.candidates) + relevant).sorted()
        var shares = chosen.map { scores[$0] }
        Transcendental.softmax(&shares, share: 0)
        for (index, tool) in chosen.enumerated() where relevant.contains(tool) {
            shares[index] -= 1 / Float(relevant.count)
        }
        for input in 0..<Self.inputs {
            var gradient: Float = 0
            for (index, tool) in chosen.enumerated() { gradient += shares[index] * rows[input][tool] }
            energy[input] = min(energy[input] + gradient * gradient, 1e9)
            weights[input] -= Self.rate * gradient / energy[input].squareRoot()
        }
    }
}

extension ToolSearch {
    package func save(to encoder: inout ByteEncoder) {
        words.save(to: &encoder)
        runs.save(to: &encoder)
        log.save(to: &encoder)
        encoder.write(UInt64(servers.count))
        for (server, number) in servers.sorted(by: { $0.value < $1.value }) {
            encoder.write(server)
            encoder.write(serverCounts[Int(number)])
        }
        for tool in 0..<count {
            encoder.write(UInt64(serverOf[tool]))
            encoder.write(toolCounts[tool])
        }
        for input in 0..<Self.inputs {
            encoder.write(weights[input])
            encoder.write(energy[input])
        }
    }

    /// Reads a search; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        guard let words = InvertedIndex(restoring: &decoder), let runs = InvertedIndex(restoring: &decoder),
            words.count == runs.count, let log = QueryLog(restoring: &decoder),
            let count = decoder.integer(upTo: UInt64(words.count))
        else { return nil }
        (self.words, self.runs, self.log) = (words, runs, log)
        for number in 0..<count {
            guard let server = decoder.integer(), servers[server] == nil, let times = decoder.float(),
                times >= 0
            else { return nil }
            servers[server] = Int32(number)
            serverCounts.append(times)
        }
        for _ in 0..<words.count {
            guard count > 0, let server = decoder.integer(upTo: count - 1), let times = decoder.float(),
                times >= 0
            else { return nil }
            serverOf.append(Int32(server))
            toolCounts.append(times)
        }
        for input in 0..<Self.inputs {
            guard let weight = decoder.float(), weight.magnitude < 1e6, let sum = decoder.float(), sum > 0
            else {
                return nil
            }
            (weights[input], energy[input]) = (weight, sum)
        }
    }
}
