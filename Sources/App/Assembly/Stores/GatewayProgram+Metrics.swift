import Identifiers
import MetricHistory
import Storage
import Telemetry

extension GatewayProgram {
    static func history(_ recorder: Recorder, _ keeper: StoreKeeper) -> MetricArchive {
        MetricArchive(
            keeper.store, readings: { [metrics = recorder.metrics] in metrics.readings() },
            bytes: { keeper.bytes(of: MetricArchive.family) })
    }
}
