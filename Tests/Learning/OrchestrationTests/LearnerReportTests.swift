import Orchestration
import Testing

@Suite("Learner report") struct LearnerReportTests {
    @Test("A report is read back as it was written") func roundTrip() {
        var report = LearnerReport()
        report.counts.records = 12
        report.counts.lost = 3
        report.tools = 4
        report.processorSeconds = 1.25
        report.stateBytes = 99
        report.limits = "cgroup v2"
        #expect(LearnerReport(json: report.json) == report)
    }

    @Test("Text that is no report is read as none, and odd numbers as bounded ones") func odd() {
        #expect(LearnerReport(json: Array("[]".utf8)) == nil)
        #expect(LearnerReport(json: []) == nil)
        let odd = LearnerReport(json: Array(#"{"records":-5,"cpu_s":1e999,"tools":"x"}"#.utf8))
        #expect(odd?.counts.records == 0)
        #expect(odd?.processorSeconds == 0)
    }
}
