import Identity
import TestSupport
import Testing
import Transports

@testable import Assembly

@Suite("Attachments") struct AttachmentTableTests {
    private var table = AttachmentTable()
    private var random = SystemRandomNumberGenerator()

    private static func peer(_ id: UInt64, _ role: AttachRole = .worker) -> AttachPeer {
        AttachPeer(id: id, role: role, name: "w\(id)", processID: 1)
    }

    private static let grant = AttachGrant(segmentBytes: 1, laneBytes: [1], tableBytes: 0, index: 0)

    private mutating func offer(_ id: UInt64, at seconds: Int = 0) throws -> [UInt8] {
        let token = table.offer(Self.peer(id), Self.grant, at: .seconds(seconds), using: &random)
        return Array(try #require(token).utf8)
    }

    private mutating func attach(_ id: UInt64) throws {
        let token = try offer(id)
        #expect(table.redeem(token, at: .zero) == .handOver(Self.peer(id), Self.grant))
        let isOpen = table.settle(id)
        #expect(isOpen)
    }

    @Test("A client is attached once its hand-over is settled, until its connection closes")
    mutating func lives() throws {
        let token = try offer(1)
        #expect(table.attached.isEmpty)
        #expect(table.redeem(token, at: .seconds(1)) == .handOver(Self.peer(1), Self.grant))
        #expect(table.attached.isEmpty)
        let isOpen = table.settle(1)
        #expect(isOpen)
        #expect(table.attached == [Self.peer(1)])
        let end = table.close(1)
        #expect(end.isDue && end.wasAttached)
        #expect(table.attached.isEmpty)
        let again = table.close(1)
        #expect(!again.isDue)
    }

    @Test("A token is good once, for five seconds, and not after the connection closed")
    mutating func isStrict() throws {
        let late = try offer(1)
        #expect(table.redeem(late, at: .seconds(5)) == nil)
        let used = try offer(2, at: 5)
        #expect(table.redeem(used, at: .seconds(6)) != nil)
        #expect(table.redeem(used, at: .seconds(6)) == nil)
        let closed = try offer(3, at: 6)
        let end = table.close(3)
        #expect(end.isDue && !end.wasAttached)
        #expect(table.redeem(closed, at: .seconds(6)) == nil)
        #expect(table.redeem(Array("x".utf8), at: .seconds(6)) == nil)
    }

    @Test("A connection that closes during the hand-over ends with it, once") mutating func isLost() throws {
        for settles in [true, false] {
            let token = try offer(1)
            #expect(table.redeem(token, at: .zero) != nil)
            let end = table.close(1)
            #expect(!end.isDue)
            let isOpen = settles ? table.settle(1) : table.refuse(1)
            #expect(!isOpen)
            #expect(table.attached.isEmpty)
            let again = table.close(1)
            #expect(!again.isDue)
        }
    }

    @Test("A hand-over that is refused leaves the end to the connection") mutating func isRefused() throws {
        let token = try offer(1)
        #expect(table.redeem(token, at: .zero) != nil)
        let isOpen = table.refuse(1)
        #expect(isOpen)
        let end = table.close(1)
        #expect(end.isDue && !end.wasAttached)
    }

    @Test("Who is attached may fetch again, with tokens that it is told or asks for")
    mutating func fetches() throws {
        for id: UInt64 in 1...3 { try attach(id) }
        _ = try offer(4)
        let told = table.announce(except: 2, at: .zero, using: &random)
        #expect(told.map(\.0) == [1, 3])
        for (id, token) in told {
            #expect(table.redeem(Array(token.utf8), at: .seconds(1)) == .fetch(Self.peer(id)))
        }
        let asked = try #require(table.renew(2, at: .zero, using: &random))
        #expect(table.redeem(Array(asked.utf8), at: .zero) == .fetch(Self.peer(2)))
        #expect(table.renew(4, at: .zero, using: &random) == nil)
        #expect(table.renew(9, at: .zero, using: &random) == nil)
    }

    @Test("In any order of events each client ends exactly once, and none is attached after its end")
    func isConsistent() {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var table = AttachmentTable()
            var tokens: [(UInt64, [UInt8])] = []
            var (open, handing, due): (Set<UInt64>, Set<UInt64>, Set<UInt64>) = ([], [], [])
            func end(_ id: UInt64) { #expect(due.remove(id) != nil) }
            for step in 0..<60 {
                let now = Duration.milliseconds(step * 100)
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    let id = UInt64(step)
                    guard let token = table.offer(Self.peer(id), nil, at: now, using: &random) else {
                        continue
                    }
                    tokens.append((id, Array(token.utf8)))
                    open.insert(id)
                    due.insert(id)
                case 1:
                    guard let (id, token) = tokens.isEmpty ? nil : random.pick(tokens) else { continue }
                    if case .handOver? = table.redeem(token, at: now) { handing.insert(id) }
                case 2, 3:
                    guard let id = handing.sorted().first else { continue }
                    handing.remove(id)
                    if !(random.chance(70) ? table.settle(id) : table.refuse(id)) { end(id) }
                default:
                    guard let id = open.isEmpty ? nil : random.pick(open.sorted()) else { continue }
                    open.remove(id)
                    if table.close(id).isDue { end(id) }
                }
                #expect(Set(table.attached.map(\.id)).isSubset(of: open))
            }
            for id in open where table.close(id).isDue { end(id) }
            for id in handing where !table.settle(id) { end(id) }
            #expect(due.isEmpty)
        }
    }
}
