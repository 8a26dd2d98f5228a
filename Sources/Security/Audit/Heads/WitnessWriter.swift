import Dispatch
import Foundation
import Synchronization
import Telemetry

/// Sets the newest tree head down outside of the store, on a thread of its own.
///
/// The witness may lie on another machine's file system, which may hang: the log goes on meanwhile, and of
/// the heads that it signs the newest is set down when that is possible again.
final class WitnessWriter: Sendable {
    private static let retryMicroseconds: UInt64 = 1_000_000
    /// What takes longer is told.
    static let patienceMicroseconds: UInt64 = 5_000_000

    private struct State {
        /// Not set down yet.
        var head: SignedHead?
        /// When what is there was found to tell of another log, which is evidence: it is set aside first.
        var asideAt: UInt64?
        var fault: AuditWitnessFault?
        /// When the fault was first met, in microseconds since 1970.
        var faultTime: UInt64 = 0
        /// Readings of the monotonic clock, in microseconds; nil while nothing is under way.
        var began: UInt64?
        var nextTry: UInt64 = 0
        var isEnded = false
    }

    private let witness: AuditWitness
    private let log: Log
    private let willWrite: @Sendable () -> Void
    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// - Parameter willWrite: called before each write, where a file system may hang.
    init(_ witness: AuditWitness, log: Log, willWrite: @escaping @Sendable () -> Void = {}) {
        self.witness = witness
        self.log = log
        self.willWrite = willWrite
    }

    // MARK: The log's thread

    /// Takes a head in the place of an older one. It is on disk in the store, so that the witness is never
    /// ahead.
    func show(_ head: SignedHead) {
        state.withLock { $0.head = head }
        bell.signal()
    }

    /// What is there is to be kept under a name of its own, before another head takes its place.
    func setAside(at microseconds: UInt64) {
        state.withLock { state in
            state.asideAt = microseconds
            // It is of the log that was there before.
            state.head = nil
        }
        bell.signal()
    }

    // MARK: Any thread

    /// Why the newest head is not set down, and since when; nil while it is.
    func fault(at now: AuditMoment) -> (fault: AuditWitnessFault, since: UInt64)? {
        state.withLock { state in
            if let began = state.began, now.steady > began &+ Self.patienceMicroseconds {
                return (.slow(path: witness.path), now.wall &- (now.steady - began))
            }
            return state.fault.map { ($0, state.faultTime) }
        }
    }

    // MARK: The thread

    func start() {
        Thread.detachNewThread { [self] in
            Thread.current.name = "attune-witness"
            while !state.withLock({ $0.isEnded }) {
                let pause = turn(now: .now).map { DispatchTimeInterval.microseconds(Int(clamping: $0)) }
                _ = bell.wait(timeout: pause.map { .now() + $0 } ?? .distantFuture)
            }
            turn(now: .now, isLast: true)
            hasEnded.signal()
        }
    }

    /// Writes what is there to be written, and ends.
    /// - Parameter deadline: until when that is waited for.
    func stop(_ deadline: DispatchTime) {
        state.withLock { $0.isEnded = true }
        bell.signal()
        _ = hasEnded.wait(timeout: deadline)
    }

    /// Does what is due; of the thread, or of a test in place of it.
    /// - Returns: after how many microseconds there is something to do again; nil if that is to be heard of.
    @discardableResult
    func turn(now: AuditMoment, isLast: Bool = false) -> UInt64? {
        let due = state.withLock { state -> (head: SignedHead?, asideAt: UInt64?)? in
            guard state.head != nil || state.asideAt != nil, isLast || now.steady >= state.nextTry else {
                return nil
            }
            state.began = now.steady
            defer { state.head = nil }
            return (state.head, state.asideAt)
        }
        if let due { write(due.head, due.asideAt, now) }
        return state.withLock { state in
            guard state.head != nil || state.asideAt != nil else { return nil }
            return state.nextTry > now.steady ? state.nextTry - now.steady : 0
        }
    }

    private func write(_ head: SignedHead?, _ asideAt: UInt64?, _ now: AuditMoment) {
        var isAside = false
        do throws(AuditWitnessFault) {
            willWrite()
            if let asideAt { try witness.setAside(at: asideAt) }
            isAside = true
            if let head { try witness.set(head) }
            settle(asideAt, now)
        } catch {
            let isNews = state.withLock { state in
                // A newer head wins, and one of a log that is to be set aside since is none.
                if state.asideAt == asideAt {
                    state.head = state.head ?? head
                    if isAside { state.asideAt = nil }
                }
                state.began = nil
                state.nextTry = now.steady &+ Self.retryMicroseconds
                defer { state.fault = error }
                if state.fault == nil { state.faultTime = now.wall }
                return state.fault == nil
            }
            if isNews { log.error("the audit log's witness is not kept", ["reason": .string("\(error)")]) }
        }
    }

    private func settle(_ asideAt: UInt64?, _ now: AuditMoment) {
        state.withLock { state in
            if state.asideAt == asideAt { state.asideAt = nil }
            state.began = nil
            state.fault = nil
            state.nextTry = now.steady
        }
    }
}
