import Assembly
import Audit
import Configuration
import Storage
import Wire

/// Puts into the audit log what an operator does by a command: into its store where no gateway runs, else
/// through the gateway that has it open.
enum ActNote {
    /// A gateway that starts or ends meanwhile is waited for, as is another command.
    private static let rounds = 10
    private static let pause = Duration.milliseconds(300)

    /// What can't be noted is said on standard error: the act is done by then.
    static func leave(_ act: OperatorAct, _ configuration: GatewayConfiguration) async {
        var reason = ""
        for round in 0..<rounds {
            if round > 0 { try? await Task.sleep(for: pause) }
            do throws(AuditFailure) {
                return try act.write(to: configuration)
            } catch {
                reason = "\(error)"
                guard case .storage(.locked) = error else { break }
            }
            do throws(CommandFailure) {
                _ = try await AdminClient(configuration).post(
                    "/api/v1/audit/acts", body: body(act), timeout: .seconds(5))
                return
            } catch {
                if case .unexpectedAnswer(_, let status, let message) = error {
                    // A gateway of another configuration that keeps no log.
                    if status == 404 { return }
                    reason = message
                    break
                }
            }
        }
        Console.talk("\(act.action) is not in the audit log: \(reason)")
    }

    private static func body(_ act: OperatorAct) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("action", act.action)
        json.field("outcome", act.outcome.rawValue)
        json.key("details")
        json.beginArray()
        for detail in act.details { json.value(detail) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}
