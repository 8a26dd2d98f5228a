import NIOCore
import Sessions

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Something that wrote to its channel and has not flushed yet.
protocol Flushable: AnyObject {
    func flushWrites()
}

/// Something that looks at its time limits once a second.
protocol Ticking: AnyObject {
    /// Its place in the loop's list; kept by `LoopState`.
    var tickIndex: Int { get set }
    func tick(_ now: UInt32)
}

/// What all transports on one loop share: the buffers, the list of channels to flush and the coarse clock.
///
/// Confined to its loop. Flushes are put off to the end of the loop's turn, when all channels that had
/// something to read were served: a turn's messages leave together, so that a peer is woken for many rather
/// than for each (a fifth less processor time a call at 32 connections). What a channel writes to its own
/// peer while it reads, it flushes itself, because the peer's end of stream may follow in the same turn.
final class LoopState {
    /// Reads that fill the shared buffer cost one system call for this many bytes.
    static let readBytes = 64 * 1024
    /// A bigger write buffer than this is not kept.
    static let keptWriteBytes = 256 * 1024

    let eventLoop: any EventLoop
    let readBuffer = SharedReadBuffer(capacity: LoopState.readBytes)
    /// Seconds since the loop began, counted while anything is registered for ticks.
    private(set) var now: UInt32 = 0

    private var depth = 0
    private var unflushed: [any Flushable] = []
    private var ending: [any TurnEnding] = []
    private var isFlushDue = false
    private var writeBuffer = ByteBuffer()
    private var ticking: [any Ticking] = []
    private var nextTick: Scheduled<Void>?
    private var thisSecondsDate: ByteBuffer?

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enter() { depth += 1 }

    func leave() {
        depth -= 1
        guard depth == 0, !(unflushed.isEmpty && ending.isEmpty), !isFlushDue else { return }
        isFlushDue = true
        // NIO runs what is executed after the events of the turn, and does not sleep before.
        eventLoop.assumeIsolated().execute { [self] in
            isFlushDue = false
            flush()
        }
    }

    func run(_ body: () -> Void) {
        enter()
        body()
        leave()
    }

    /// Flushes the channel at the end of the turn, or now if no work is under way.
    func needsFlush(_ channel: any Flushable) {
        if depth == 0 { channel.flushWrites() } else { unflushed.append(channel) }
    }

    /// Tells `one` ahead of the flushes that end the turn, or now if no work is under way.
    func atTurnEnd(_ one: any TurnEnding) {
        if depth == 0 { one.turnEnded() } else { ending.append(one) }
    }

    private func flush() {
        for one in ending { one.turnEnded() }
        ending.removeAll(keepingCapacity: true)
        // A flush may fail and close its channel, which may write to others: they join the end of the list.
        depth += 1
        var next = 0
        while next < unflushed.count {
            unflushed[next].flushWrites()
            next += 1
        }
        unflushed.removeAll(keepingCapacity: true)
        depth -= 1
    }

    /// Lends an empty buffer to write a message into; give it back with `keep` after the write.
    ///
    /// - Complexity: no allocation when the last message written into it has left the process.
    func takeWriteBuffer(_ bytes: Int) -> ByteBuffer {
        var buffer = ByteBuffer()
        swap(&buffer, &writeBuffer)
        buffer.clear(minimumCapacity: max(bytes, 1024))
        return buffer
    }

    func keepWriteBuffer(_ buffer: consuming ByteBuffer) {
        if buffer.capacity <= Self.keptWriteBytes { writeBuffer = buffer }
    }

    func startTicking(_ one: any Ticking) {
        one.tickIndex = ticking.count
        ticking.append(one)
        if nextTick == nil {
            thisSecondsDate = nil
            scheduleTick()
        }
    }

    /// The `Date` field (RFC 9110, section 6.6.1) as a line, made once a second while anything ticks.
    var dateLine: ByteBuffer { thisSecondsDate ?? makeDateLine() }

    private func makeDateLine() -> ByteBuffer {
        let line = ByteBuffer(string: "Date: \(HTTPDate.text(Int(Date().timeIntervalSince1970)))\r\n")
        thisSecondsDate = line
        return line
    }

    private func scheduleTick() {
        nextTick = eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [self] in
            tick()
        }
    }

    func stopTicking(_ one: any Ticking) {
        let index = one.tickIndex
        guard index >= 0 else { return }
        one.tickIndex = -1
        let last = ticking.removeLast()
        if last !== one {
            ticking[index] = last
            last.tickIndex = index
        }
    }

    private func tick() {
        now &+= 1
        thisSecondsDate = nil
        enter()
        // Backwards: one that stops ticking is replaced by the last, which has had its turn.
        var index = ticking.count - 1
        while index >= 0 {
            if index < ticking.count { ticking[index].tick(now) }
            index -= 1
        }
        leave()
        nextTick = nil
        if !ticking.isEmpty { scheduleTick() }
    }
}
