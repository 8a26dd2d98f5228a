import Identifiers
import Sessions
import Wire

// Calls that become tasks, and requests about tasks.
extension Call {
    /// How long a request for a task's result may wait; the client asks again.
    static let taskResultMilliseconds = 60 * 60_000

    /// Waits for a task's result outside the server's queue, whose places are for work.
    func awaitTask() {
        let waiting = loop.calls.all { $0.incoming.method == .tasksResult }.count
        guard waiting <= LoopGateway.maxTaskResults else {
            state = .new
            return fail(.overloaded, retryAfterMilliseconds: 1_000)
        }
        proceed()
    }

    /// The tasks of the two eras have nothing in common.
    func refuseTasks() {
        refuse(Refusal.methodNotFound(incoming.method.text, incoming.client.era).error)
    }

    /// Whether the client asked for a task (2025-11-25).
    var isAugmented: Bool { !incoming.frame.paramsTask.isEmpty && incoming.client.era == .legacy }

    /// Whether a modern server's result is a task. `resultType` is most often `"complete"`.
    func isTask(_ frame: Frame) -> Bool {
        frame.resultType.count == Self.taskType.count
            && facts?.era == .modern && incoming.method == .toolsCall
    }

    private static let taskType = "\"task\""

    /// Whether an answer holds ids of tasks that the client must know by others.
    func namesTasks(_ frame: Frame) -> Bool {
        guard incoming.method.concernsTasks || isTask(frame) || isAugmented else { return false }
        return loop.view.sealsTasks(of: hub, at: incoming.client.endpoint)
    }

    /// A notification with the ids of tasks as the client knows them.
    /// - Parameter frame: what the scanner found in it when it came.
    func exposingTasks(_ message: [UInt8], _ frame: Frame, _ method: Sessions.Method) -> [UInt8] {
        guard !frame.paramsMeta.isEmpty || method == .taskStatus, incoming.client.era == .legacy,
            loop.view.sealsTasks(of: hub, at: incoming.client.endpoint)
        else { return message }
        return loop.exposingTasks(message, of: hub, to: incoming.client)
    }

    /// The call is answered with a task, whose progress goes on under the call's token.
    func keepTaskToken(_ token: [UInt8]) {
        guard let session = incoming.client.session else { return }
        link?.taskProgress.withLock { $0.keep(wireID, token, of: session.publicName) }
    }

    /// The client's token for progress of an earlier call that became a task.
    func taskToken(_ message: [UInt8], _ frame: Frame) -> [UInt8]? {
        guard let session = incoming.client.session else { return nil }
        return link?.taskToken(of: message, frame, in: session)
    }
}
