import Foundation
import Wire

/// What `attune top` shows, as text.
struct TopPicture {
    private static let mostTools = 200
    private static let mostPredictions = 20

    private let report: JSONView

    /// - Parameter report: what `/api/v1/top` answers.
    init(_ report: JSONView) { self.report = report }

    func text(_ style: Style) -> [String] {
        var parts = [[headline(style), learner(style)], rings(style), servers(style), tools(style)]
        let predictions = predictions(style)
        if !predictions.isEmpty { parts.append(predictions) }
        return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private func headline(_ style: Style) -> String {
        let calls = Amount.number(report["calls_per_s"]?.double ?? 0)
        let errors = report["errors_per_s"]?.double ?? 0
        return style.tinted("\(calls) calls/s", .strong) + ", "
            + style.tinted("\(Amount.number(errors)) errors/s", errors > 0 ? .bad : nil)
            + style.tinted("  at \(report["ts"]?.string ?? "")", .dim)
    }

    private func learner(_ style: Style) -> String {
        let learner = report["learner"]
        let state = learner?["state"]?.string ?? ""
        var line = "learner " + style.tinted(Style.printable(state), Style.tint(ofState: state))
        if let processID = learner?["pid"]?.int { line += " (pid \(processID))" }
        let lag = learner?["lag_records"]?.int ?? 0
        if lag > 0 { line += ", \(lag) records behind, for \(learner?["lag_ms"]?.int ?? 0) ms" }
        return line
    }

    private func rings(_ style: Style) -> [String] {
        let rings = elements("rings")
        guard !rings.isEmpty else { return [] }
        var table = TextTable([
            .init("ring", isNumber: true), .init("unread", isNumber: true), .init("records", isNumber: true),
            .init("lost", isNumber: true),
        ])
        for ring in rings {
            let lost = ring["lost"]?.int ?? 0
            table.add([
                .init("\(ring["loop"]?.int ?? 0)"),
                .init(String(format: "%.1f %%", 100 * (ring["fill"]?.double ?? 0))),
                .init("\(ring["published"]?.int ?? 0)"), .init("\(lost)", lost > 0 ? .warn : nil),
            ])
        }
        return [table.rendered(style)]
    }

    private func servers(_ style: Style) -> [String] {
        var table = TextTable([
            .init("server"), .init("state"), .init("calls", isNumber: true), .init("errors", isNumber: true),
            .init("calls/s", isNumber: true),
        ])
        let servers = elements("servers")
        for server in servers {
            table.add([
                .init(server["name"]?.string ?? ""), .state(server["state"]?.string ?? ""),
                .init("\(server["calls"]?.int ?? 0)"), errors(server),
                .init(Amount.number(server["calls_per_s"]?.double ?? 0)),
            ])
        }
        return servers.isEmpty ? [] : [table.rendered(style)]
    }

    private func tools(_ style: Style) -> [String] {
        var table = TextTable([
            .init("server"), .init("tool"), .init("calls", isNumber: true), .init("errors", isNumber: true),
            .init("calls/s", isNumber: true), .init("p50", isNumber: true), .init("p99", isNumber: true),
        ])
        let tools = elements("tools")
        for tool in tools.prefix(Self.mostTools) {
            table.add([
                .init(tool["server"]?.string ?? ""), .init(tool["tool"]?.string ?? ""),
                .init("\(tool["calls"]?.int ?? 0)"), errors(tool),
                .init(Amount.number(tool["calls_per_s"]?.double ?? 0)),
                .init(Amount.duration(microseconds: tool["p50_us"]?.int ?? 0)),
                .init(Amount.duration(microseconds: tool["p99_us"]?.int ?? 0)),
            ])
        }
        return tools.isEmpty ? ["no calls of tools yet"] : [table.rendered(style)]
    }

    private func predictions(_ style: Style) -> [String] {
        let predictions = elements("predictions")
        guard !predictions.isEmpty else { return [] }
        var table = TextTable([.init("prediction"), .init("subject"), .init("value")])
        for prediction in predictions.prefix(Self.mostPredictions) {
            let value = prediction["value"].map { String(decoding: $0.raw, as: UTF8.self) } ?? ""
            table.add([
                .init(prediction["task"]?.string ?? ""), .init(prediction["subject"]?.string ?? ""),
                .init(String(value.prefix(60))),
            ])
        }
        return [table.rendered(style)]
    }

    private func errors(_ row: JSONView) -> TextTable.Cell {
        let errors = row["errors"]?.int ?? 0
        return TextTable.Cell("\(errors)", errors > 0 ? .bad : nil)
    }

    private func elements(_ key: StaticString) -> [JSONView] {
        report[key].map { Array($0.elements) } ?? []
    }
}
