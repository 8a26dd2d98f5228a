import SharedMemory

/// The reading side of one process's command rings: lane 0 before lane 1 before lane 2, and none starved.
///
/// While more urgent lanes have commands, lane 1 gets a quarter and lane 2 an eighth of each turn, one
/// command at least.
public struct CommandQueue: ~Copyable, Sendable {
    public static let minimumTurn = 8
    private var lanes: [CommandRingReader]
    private let cursors: [PublishedCursor]

    /// - Parameter lanes: a segment's command rings, the most urgent first, each with the cursor to be moved.
    public init(_ lanes: [(reader: CommandRingReader, cursor: PublishedCursor)]) {
        self.lanes = lanes.map(\.reader)
        cursors = lanes.map(\.cursor)
    }

    /// How often something was found that no writer writes.
    public var damaged: UInt64 { lanes.reduce(0) { $0 &+ $1.damaged } }

    /// How far each lane was read, in the lanes' order.
    public var positions: [UInt64] { lanes.map(\.position) }

    /// Reads up to `limit` commands (`minimumTurn` at least) and tells their writer so.
    ///
    /// - Returns: how many were read.
    @discardableResult
    public mutating func drain(limit: Int, _ use: (Command, Span<UInt8>) -> Void) -> Int {
        let limit = max(limit, Self.minimumTurn)
        var left = limit
        for index in lanes.indices {
            left -= read(index, left - reserve(behind: index, limit), use)
        }
        for index in lanes.indices { left -= read(index, left, use) }
        for index in lanes.indices { cursors[index].advance(to: lanes[index].position) }
        return limit - left
    }

    /// What the lanes behind `index` that have something may still read in this turn.
    private func reserve(behind index: Int, _ limit: Int) -> Int {
        lanes.indices.reduce(0) { reserved, lane in
            lane > index && lanes[lane].hasMore ? reserved + max(limit >> (lane + 1), 1) : reserved
        }
    }

    private mutating func read(_ index: Int, _ count: Int, _ use: (Command, Span<UInt8>) -> Void) -> Int {
        var done = 0
        while done < count, lanes[index].next(use) != nil { done += 1 }
        return done
    }
}
