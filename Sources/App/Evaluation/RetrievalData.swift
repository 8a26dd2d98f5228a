import Crypto
import Patterns
import Wire

/// Questions of one set with the tools that answer them, and the catalogue of all tools.
struct RetrievalData: Sendable {
    /// A question, and for each thing that it asks for the numbers of the tools that do it.
    struct Question: Sendable {
        var id: String
        var text: String
        var golds: [[Int]]

        fileprivate var order: [UInt8] { Array(SHA256.hash(data: Array(id.utf8))) }
    }

    var dataset: String
    var warm: [Question] = []
    var scored: [Question] = []

    /// The tools of the catalogue files, in their order, with their ids.
    static func catalog(
        _ options: EvaluationOptions
    ) throws(EvaluationFailure) -> (tools: [ToolSearch.Tool], ids: [String]) {
        var (tools, ids): ([ToolSearch.Tool], [String]) = ([], [])
        for path in options.catalog {
            try InputLines.forEach(path) { view, line throws(EvaluationFailure) in
                guard let name = view["name"]?.string else {
                    throw .malformedLine(path: path, line: line, reason: "it names no tool")
                }
                let server = view["server"]?.string ?? ""
                var parameters = ""
                if let members = view["params"]?.members {
                    for (name, _, value) in members { parameters += "\(name) \(value.string ?? "") " }
                }
                tools.append(
                    ToolSearch.Tool(
                        server: server, name: name, description: view["description"]?.string ?? "",
                        parameters: parameters))
                ids.append(view["id"]?.string ?? "\(server)/\(name)")
            }
        }
        return (tools, ids)
    }

    /// Reads questions in the order of the SHA-256 of their ids; those that ask for no tool of the catalogue
    /// are left out.
    static func load(
        _ options: EvaluationOptions, _ ids: [String]
    ) throws(EvaluationFailure) -> [RetrievalData] {
        var numbers: [String: Int] = [:]
        for (number, id) in ids.enumerated() { numbers[id] = numbers[id] ?? number }
        var (names, sets): ([String], [String: RetrievalData]) = ([], [:])
        for (isWarm, paths) in [(true, options.warm), (false, options.data)] {
            for path in paths {
                try InputLines.forEach(path) { view, _ throws(EvaluationFailure) in
                    guard let text = view["query"]?.string, let gold = view["gold"] else { return }
                    let golds = gold.elements.map { $0.elements.compactMap { numbers[$0.string ?? ""] } }
                    guard golds.contains(where: { !$0.isEmpty }) else { return }
                    let question = Question(id: view["qid"]?.string ?? text, text: text, golds: golds)
                    let set = view["set"]?.string ?? "traffic"
                    if sets[set] == nil { names.append(set) }
                    var data = sets.removeValue(forKey: set) ?? RetrievalData(dataset: set)
                    if isWarm { data.warm.append(question) } else { data.scored.append(question) }
                    sets[set] = data
                }
            }
        }
        let found = names.compactMap { sets[$0] }.filter { !$0.scored.isEmpty }
        if found.isEmpty { throw .noRows }
        return found.map {
            RetrievalData(dataset: $0.dataset, warm: ordered($0.warm), scored: ordered($0.scored))
        }
    }

    private static func ordered(_ questions: [Question]) -> [Question] {
        questions.map { ($0.order, $0) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }
}
