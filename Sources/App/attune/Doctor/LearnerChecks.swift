import Assembly
import Configuration
import Foundation
import Identity
import Processes
import Wire

/// Whether the learner works, how it is bounded, and whether its certificate can be used.
enum LearnerChecks {
    /// - Parameter isRunning: whether the gateway runs.
    static func findings(_ configuration: GatewayConfiguration, isRunning: Bool) async -> [Finding] {
        let mode = configuration.learning.mode
        guard mode != .off else {
            return [Finding(check: "learner", status: .skip, detail: "[learning] mode is off")]
        }
        var findings = certificates(configuration)
        guard isRunning, let admin = try? AdminClient(configuration),
            let learner = try? await admin.value("/api/v1/learner")
        else { return findings + limits(mode) }
        findings.append(state(learner, configuration))
        let limits = learner["limits"]?.string ?? ""
        if mode == .process, !limits.isEmpty {
            findings.append(.ok("learner limits", "bounded by \(limits)"))
        }
        return findings
    }

    private static func state(_ learner: JSONView, _ configuration: GatewayConfiguration) -> Finding {
        let state = learner["state"]?.string ?? "unknown"
        let lost = learner["lost"]?.int ?? 0
        guard state == "attached" else {
            let next =
                switch (state, configuration.learning.mode) {
                case ("stalled", _):
                    "process \(learner["pid"]?.int ?? 0) is stopped or gets no processor time: end it, and "
                        + "the gateway starts another"
                case (_, .external):
                    "start `attune learn` with this configuration; one that was stopped needs SIGCONT"
                default: "see the gateway's log; it starts the learner again every few seconds"
                }
            return .warn("learner", "it is \(state); calls are served without it", next: next)
        }
        guard learner["mode"]?.string == configuration.learning.mode.rawValue else {
            let next = "see the gateway's log for why, such as a path too long for a socket"
            return .warn("learner", "it runs inside the gateway, since nothing can attach to it", next: next)
        }
        guard lost == 0 else {
            let next = "raise [memory] ring_buffer_size, or give the learner more processor time"
            return .warn("learner", "it works and came too late for \(lost) records", next: next)
        }
        return .ok("learner", "it works, in process \(learner["pid"]?.int ?? 0)")
    }

    /// What a gateway that starts here would bound its learner by.
    private static func limits(_ mode: LearningConfiguration.Mode) -> [Finding] {
        guard mode == .process else { return [] }
        return [.ok("learner limits", "bounded by \(LimitPlan.available.rawValue) when the gateway starts")]
    }

    private static func certificates(_ configuration: GatewayConfiguration) -> [Finding] {
        let store = CertificateStore(directory: configuration.certificateDirectory)
        guard configuration.learning.mode == .process,
            FileManager.default.fileExists(atPath: store.authorityPath)
        else { return [] }
        for name in [CertificateName.gateway, .learner] {
            do throws(CertificateFault) {
                _ = try TLSIdentity(name, in: store)
            } catch {
                let next = "repair the file, or remove the directory: the gateway makes new ones at its start"
                return [.fail("certificates", "\(error)", next: next)]
            }
        }
        return [.ok("certificates", store.directory)]
    }
}
