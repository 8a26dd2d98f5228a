import Identifiers
import Routing
import Sessions
import Wire

/// One pass over all lists that a server offers. Confined to the hub's home loop.
final class ListGathering: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private let hub: ServerHub
    private let link: UpstreamLink
    private let facts: ServerFacts
    private var completion: ((ListGathering, ServerListing?) -> Void)?
    private var listing: ServerListing
    private var kinds: [ListKind]
    private var list: ItemList?
    private var request: (any LinkRequest)?
    private var deadline: (any ScheduledWork)?

    private static let deadlineMilliseconds = 8_000

    /// - Parameter completion: called once, with nil if the server failed to list.
    init(
        hub: ServerHub, link: UpstreamLink, facts: ServerFacts,
        completion: @escaping (ListGathering, ServerListing?) -> Void
    ) {
        self.hub = hub
        self.link = link
        self.facts = facts
        self.completion = completion
        listing = ServerListing(server: hub.plan.id)
        kinds = ListKind.allCases.filter { kind in
            switch kind {
            case .tools: facts.offers(.tools)
            case .prompts: facts.offers(.prompts)
            case .resources, .resourceTemplates: facts.offers(.resources)
            }
        }
    }

    func start() {
        deadline = hub.home.loop.schedule(after: .milliseconds(Self.deadlineMilliseconds)) { [weak self] in
            guard let self, self.completion != nil else { return }
            self.request?.cancel()
            self.hub.log.warn("the server did not list in time")
            self.finish(nil)
        }
        nextKind()
    }

    /// Gives up; the completion is not called.
    func cancel() {
        completion = nil
        deadline?.cancel()
        request?.cancel()
        request = nil
    }

    private func nextKind() {
        guard let kind = kinds.first else { return finish(listing) }
        list = ItemList(kind)
        ask(kind, cursor: nil)
    }

    private func ask(_ kind: ListKind, cursor: [UInt8]?) {
        let id = hub.home.takeRequestID()
        let method = Method("\(kind.method)")
        let body = GatewayMessages.request(
            id: id, method, cursor: cursor, meta: ModernMeta(for: facts, as: link.identity))
        let observer = ClosureObserver { [weak self] result in self?.took(kind, result) }
        let request = link.send(body, id: id, .own(method, facts), from: hub.home, observer)
        if observer.isWaiting { self.request = request }
    }

    private func took(_ kind: ListKind, _ result: Result<ClosureObserver.Answer, LinkFailure>) {
        guard completion != nil else { return }
        request = nil
        switch result {
        case .failure(let failure):
            hub.log.warn(
                "listing failed", ["list": .string("\(kind.method)"), "reason": .string(failure.text)])
            finish(nil)
            if failure == .sessionLost { link.die(failure) }
            return
        case .success(let answer) where answer.frame.kind == .result:
            do throws(ItemList.PageError) {
                let page = JSONView(answer.message, answer.frame.result)
                let next = try list?.append(
                    page: page, dropsInvalidHeaders: facts.era == .modern && hub.plan.transport == .http)
                if let next { return ask(kind, cursor: next) }
            } catch {
                hub.log.warn(
                    "a list breaks the protocol",
                    ["list": .string("\(kind.method)"), "reason": .string("\(error)")])
            }
        case .success: break
        }
        keep(kind)
        kinds.removeFirst()
        nextKind()
    }

    private func keep(_ kind: ListKind) {
        guard let list else { return }
        listing[kind] = list
        guard !list.dropped.isEmpty else { return }
        // Told again only when it has changed.
        let known = hub.current.listing?[kind]
        if let known, known.dropped == list.dropped, known.droppedNames == list.droppedNames { return }
        hub.log.warn(
            "list items were left out",
            [
                "list": .string("\(kind.method)"), "reasons": .string("\(list.dropped)"),
                "tools": .string(list.droppedNames.joined(separator: " ")),
            ])
    }

    private func finish(_ listing: ServerListing?) {
        deadline?.cancel()
        request = nil
        let completion = self.completion
        self.completion = nil
        completion?(self, listing)
    }
}
