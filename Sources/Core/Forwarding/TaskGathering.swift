import Sessions
import Wire

/// One `tasks/list` over several servers, all pages of each at once. Confined to the asking loop.
final class TaskGathering: @unchecked Sendable {
    // Proof of Sendable: the timer and the links call back on the loop that asks.
    struct Source {
        let link: UpstreamLink
        let facts: ServerFacts
        /// The server takes all clients for one, so that it lists the tasks of others too.
        let isShared: Bool
    }

    /// The most of one server.
    static let maxPages = 16
    static let maxTasks = 1_000
    private static let milliseconds = 8_000

    private let sources: [Source]
    private let owner: TaskIDs.Owner
    private let loop: LoopGateway
    private var completion: ((_ tasks: [UInt8]) -> Void)?
    /// By the source's position: its tasks, each as raw JSON.
    private var found: [[[UInt8]]]
    private var pages: [Int]
    private var requests: [Int: any LinkRequest] = [:]
    private var missing: Int
    private var deadline: (any ScheduledWork)?

    /// - Parameter completion: called once with the tasks, comma-separated; those of servers that did not
    ///   answer in time are not among them.
    init(
        _ sources: [Source], for owner: TaskIDs.Owner, on loop: LoopGateway,
        completion: @escaping (_ tasks: [UInt8]) -> Void
    ) {
        self.sources = sources
        self.owner = owner
        self.loop = loop
        self.completion = completion
        found = sources.map { _ in [] }
        pages = sources.map { _ in 0 }
        missing = sources.count
    }

    func start() {
        guard missing > 0 else { return finish() }
        deadline = loop.loop.schedule(after: .milliseconds(Self.milliseconds)) { self.finish() }
        for index in sources.indices { ask(index, cursor: nil) }
    }

    private func ask(_ index: Int, cursor: [UInt8]?) {
        let source = sources[index]
        let id = loop.takeRequestID()
        let body = GatewayMessages.request(id: id, .tasksList, cursor: cursor, meta: nil)
        let observer = ClosureObserver { self.took(index, $0) }
        let request = source.link.send(body, id: id, .session(source.facts), from: loop, observer)
        if observer.isWaiting { requests[index] = request }
    }

    private func took(_ index: Int, _ result: Result<ClosureObserver.Answer, LinkFailure>) {
        guard completion != nil else { return }
        requests[index] = nil
        pages[index] += 1
        if case .success(let answer) = result, answer.frame.kind == .result {
            let page = JSONView(answer.message, answer.frame.result)
            take(page, of: index)
            if let next = page["nextCursor"], next.kind == .string, pages[index] < Self.maxPages,
                found[index].count < Self.maxTasks
            {
                return ask(index, cursor: next.rawBytes)
            }
        }
        missing -= 1
        if missing == 0 { finish() }
    }

    private func take(_ page: JSONView, of index: Int) {
        guard let tasks = page["tasks"], tasks.kind == .array else { return }
        let server = sources[index].link.hub.plan.name
        for element in tasks.elements where found[index].count < Self.maxTasks {
            guard let value = element["taskId"], let id = value.string else { continue }
            let task = TaskIDs.Task(server: server, id: id)
            if sources[index].isShared, !loop.gateway.tasks.isKnown(task, to: owner) { continue }
            let start = element.range.start
            var splice = Splice()
            splice.replace(
                ByteRange(start: value.range.start - start, end: value.range.end - start),
                with: JSONWriter.quoted(loop.gateway.tasks.expose(task, to: owner)))
            found[index].append(splice.apply(to: element.rawBytes))
        }
    }

    private func finish() {
        guard let completion = self.completion.take() else { return }
        deadline?.cancel()
        for request in requests.values { request.cancel() }
        requests = [:]
        completion(Array(found.joined().joined(separator: [UInt8(ascii: ",")])))
    }
}
