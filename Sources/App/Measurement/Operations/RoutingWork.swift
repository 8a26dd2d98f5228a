import Identifiers
import Routing
import Sessions
import Synchronization
import Wire

/// Catalog, advice and admission as a loop finds them, without the rest of the gateway.
final class RoutingWork {
    static let servers = 8
    static let toolsPerServer = 64

    private let catalog: Catalog
    private let advice: AdviceBook
    private let admission: Mutex<Admission<Int>>
    private let messages: [([UInt8], Frame)]

    init() throws(MeasurementFailure) {
        let rules = (1...Self.servers).map { number in
            ServerRules(id: ServerID(UInt16(number)), name: "server-\(number)")
        }
        var listings: [ServerListing] = []
        for rule in rules {
            var list = ItemList(.tools)
            let page = Payloads.toolList(count: Self.toolsPerServer)
            _ = try? list.append(page: JSONView(page, ByteRange(start: 0, end: UInt32(page.count))))
            var listing = ServerListing(server: rule.id)
            listing.tools = list
            listings.append(listing)
        }
        catalog = Catalog(generation: 1, servers: rules, listings: listings)
        advice = .fixed(
            version: 1, Dictionary(rules.map { ($0.id, .standard) }, uniquingKeysWith: { first, _ in first }))
        admission = Mutex(Admission(limit: 64, queueBound: 256))
        var messages: [([UInt8], Frame)] = []
        for rule in rules {
            let message = Payloads.call(tool: "\(rule.name)__echo_\(messages.count + 2)", padding: 0)
            guard let frame = try? Scanner.scan(message) else { throw .payloadRefused }
            guard catalog.gateway.route(.tools, in: message, frame.paramsName)?.server == rule.id else {
                throw .payloadRefused
            }
            messages.append((message, frame))
        }
        self.messages = messages
    }

    /// Looks up, admits and ends so many calls.
    /// - Returns: a number that depends on all of them, so that none can be left out.
    func route(_ count: Int) -> Int {
        var found = 0
        for number in 0..<count {
            let (message, frame) = messages[number & (Self.servers - 1)]
            guard let route = catalog.gateway.route(.tools, in: message, frame.paramsName) else { continue }
            let entry = advice.entry(route.server)
            found &+= route.upstreamNameJSON.count &+ entry.advice.deadlineMilliseconds &+ pass(number)
        }
        return found
    }

    /// Admits and ends so many calls.
    func admit(_ count: Int) -> Int {
        var found = 0
        for number in 0..<count { found &+= pass(number) }
        return found
    }

    private func pass(_ number: Int) -> Int {
        let verdict = admission.withLock { $0.admit(number, priority: .interactive) }
        guard case .run = verdict else { return 0 }
        return admission.withLock { $0.finished(afterMilliseconds: number & 63) } ?? 1
    }
}
