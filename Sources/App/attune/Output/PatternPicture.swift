import Foundation
import Wire

/// What `attune patterns` shows, as text.
struct PatternPicture {
    private static let mostSessions = 20
    private static let mostSequences = 15
    private static let mostClusters = 15
    private static let mostAnomalies = 15
    private static let mostTools = 200
    private static let mostArgumentLetters = 60

    private let report: JSONView
    private let order: PatternsCommand.Order
    private let isOneSession: Bool

    /// - Parameter report: what `/api/v1/patterns` answers.
    init(_ report: JSONView, by order: PatternsCommand.Order, isOneSession: Bool) {
        self.report = report
        self.order = order
        self.isOneSession = isOneSession
    }

    func text(_ style: Style) -> [String] {
        let state = report["learner"]?["state"]?.string ?? ""
        var parts = [headline(state, style)]
        if isOneSession {
            parts += [sessions(style), anomalies(style)]
        } else {
            parts += [
                accuracy(style), sessions(style), sequences(style), clusters(style), tools(style),
                anomalies(style),
            ]
        }
        return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    // MARK: What was learned from

    private func headline(_ state: String, _ style: Style) -> [String] {
        let learner = "learner " + style.tinted(Style.printable(state), Style.tint(ofState: state))
        guard let overview = report["overview"], overview.kind == .object else {
            return [learner, nothing(state)]
        }
        var facts = ["\(overview["calls"]?.int ?? 0) calls of \(overview["sessions"]?.int ?? 0) sessions"]
        if let left = overview["sampled_out"]?.int, left > 0 { facts.append("\(left) calls left out") }
        if let bytes = overview["memory_bytes"]?.int, bytes > 0 { facts.append(Amount.bytes(bytes)) }
        if let seconds = overview["cpu_s"]?.double {
            facts.append("\(Amount.number(seconds)) s of processor time")
        }
        for (name, words) in [("predict_ns", "a prediction"), ("update_ns", "an update")] {
            guard let nanoseconds = overview.member(name)?.double else { continue }
            facts.append("\(Amount.number(nanoseconds / 1000)) us \(words)")
        }
        let stamp = style.tinted("  at \(Style.printable(overview["ts"]?.string ?? ""))", .dim)
        return [learner + ", learned from " + facts.joined(separator: ", ") + stamp]
    }

    /// Why there is nothing, and what to do.
    private func nothing(_ state: String) -> String {
        switch state {
        case "off":
            "nothing is learned: set [learning] mode to \"process\" and start the gateway anew"
        case "attached": "nothing was learned yet: patterns come with the first calls of tools"
        case "waiting": "nothing was learned yet: the learner is not there; see `attune doctor`"
        default: "nothing can be read of what was learned: the learner does not answer; see `attune doctor`"
        }
    }

    private static let titles: [String: (words: String, isShare: Bool)] = [
        "top1": ("first guess right", true), "top3": ("one of three guesses right", true),
        "bits": ("bits a call", false), "brier": ("Brier score", false), "auroc": ("AUROC", false),
        "pinball95": ("pinball loss at 95 %", false), "coverage95": ("within the 95 % bound", true),
    ]

    private func accuracy(_ style: Style) -> [String] {
        let tasks = report["overview"]?["accuracy"].map { Array($0.elements) } ?? []
        var table = TextTable([
            .init("task"), .init("measured by"), .init("all", isNumber: true),
            .init("latest", isNumber: true), .init("judged", isNumber: true),
        ])
        var isEmpty = true
        for task in tasks {
            for (name, _, value) in task.members {
                guard let title = Self.titles[name], let all = value.double else { continue }
                isEmpty = false
                let recent = task["recent"]?.member(name)?.double
                table.add([
                    .init(task["task"]?.string ?? ""), .init(title.words),
                    .init(Self.figure(all, title.isShare)),
                    .init(recent.map { Self.figure($0, title.isShare) } ?? "-"),
                    .init("\(task["n"]?.int ?? 0)"),
                ])
            }
        }
        return isEmpty ? [] : [table.rendered(style)]
    }

    // MARK: What may come

    private func sessions(_ style: Style) -> [String] {
        var table = TextTable([
            .init("session"), .init("agent"), .init("calls", isNumber: true),
            .init("chance", isNumber: true), .init("next call"), .init("suspicion", isNumber: true),
            .init("anomalies", isNumber: true),
        ])
        let sessions = elements("sessions")
        for session in sessions.prefix(Self.mostSessions) {
            let anomalies = session["anomalies"]?.int ?? 0
            let guesses = session["next"].map { Array($0.elements) } ?? []
            let shown: [JSONView?] = guesses.isEmpty ? [nil] : guesses
            for (at, guess) in shown.enumerated() {
                let isFirst = at == 0
                table.add([
                    .init(isFirst ? session["session"]?.string ?? "" : ""),
                    .init(isFirst ? session["agent"]?.string ?? "-" : ""),
                    .init(isFirst ? "\(session["calls"]?.int ?? 0)" : ""),
                    .init(Self.percent(guess?["probability"])), .init(guess.map(Self.call) ?? "-"),
                    .init(isFirst ? Self.percent(session["suspicion"]) : ""),
                    isFirst ? .init("\(anomalies)", anomalies > 0 ? .warn : nil) : "",
                ])
            }
        }
        guard !sessions.isEmpty else { return [] }
        return [table.rendered(style)] + more(sessions, Self.mostSessions, "sessions", style)
    }

    /// `server/tool {arguments}`.
    private static func call(_ guess: JSONView) -> String {
        let name = "\(guess["server"]?.string ?? "")/\(guess["tool"]?.string ?? "")"
        guard let arguments = guess["arguments"], !arguments.isNull else { return name }
        let text = String(decoding: arguments.raw, as: UTF8.self)
        return text.count > mostArgumentLetters
            ? "\(name) \(text.prefix(mostArgumentLetters))\u{2026}" : "\(name) \(text)"
    }

    private func sequences(_ style: Style) -> [String] {
        var table = TextTable([
            .init("frequent sequence"), .init("support", isNumber: true), .init("share", isNumber: true),
            .init("lift", isNumber: true),
        ])
        let sequences = report["overview"]?["sequences"].map { Array($0.elements) } ?? []
        for sequence in sequences.prefix(Self.mostSequences) {
            table.add([
                .init(Self.names(sequence["tools"], " \u{2192} ")),
                .init("\(sequence["support"]?.int ?? 0)"), .init(Self.percent(sequence["share"])),
                .init(sequence["lift"]?.double.map(Amount.number) ?? "-"),
            ])
        }
        guard !sequences.isEmpty else { return [] }
        return [table.rendered(style)] + more(sequences, Self.mostSequences, "sequences", style)
    }

    private func clusters(_ style: Style) -> [String] {
        var table = TextTable([
            .init("cluster of sessions"), .init("sessions", isNumber: true), .init("tools"),
        ])
        let clusters = report["overview"]?["clusters"].map { Array($0.elements) } ?? []
        for cluster in clusters.prefix(Self.mostClusters) {
            table.add([
                .init(cluster["name"]?.string ?? ""), .init("\(cluster["sessions"]?.int ?? 0)"),
                .init(Self.names(cluster["tools"], ", ")),
            ])
        }
        guard !clusters.isEmpty else { return [] }
        return [table.rendered(style)] + more(clusters, Self.mostClusters, "clusters", style)
    }

    private func tools(_ style: Style) -> [String] {
        var table = TextTable([
            .init("server"), .init("tool"), .init("calls", isNumber: true), .init("median", isNumber: true),
            .init("95 % within", isNumber: true), .init("fails", isNumber: true),
            .init("cacheable", isNumber: true), .init("mutates", isNumber: true),
        ])
        // The interface gives them by their calls, which decide where what they are ordered by is the same.
        let tools = elements("tools").enumerated().sorted { one, other in
            let (first, second) = (key(one.element), key(other.element))
            return first == second ? one.offset < other.offset : first > second
        }
        for (_, tool) in tools.prefix(Self.mostTools) {
            let fails = tool["failure"]?.double ?? 0
            table.add([
                .init(tool["server"]?.string ?? ""), .init(tool["tool"]?.string ?? ""),
                .init("\(tool["calls"]?.int ?? 0)"), .init(Self.time(tool["latency"]?["median_ms"])),
                .init(Self.time(tool["latency"]?["bound95_ms"])),
                .init(Self.percent(tool["failure"]), fails >= 0.5 ? .bad : fails >= 0.1 ? .warn : nil),
                .init(Self.percent(tool["cacheability"])), .init(Self.percent(tool["mutates"])),
            ])
        }
        guard !tools.isEmpty else { return [] }
        return [table.rendered(style)] + more(elements("tools"), Self.mostTools, "tools", style)
    }

    /// What is not known comes last.
    private func key(_ tool: JSONView) -> Double {
        let value: JSONView? =
            switch order {
            case .calls: tool["calls"]
            case .latency: tool["latency"]?["median_ms"]
            case .failure: tool["failure"]
            case .cacheability: tool["cacheability"]
            case .mutation: tool["mutates"]
            }
        return value?.double ?? -1
    }

    private func anomalies(_ style: Style) -> [String] {
        var table = TextTable([
            .init("anomaly"), .init("time"), .init("tool"), .init("session"), .init("bytes"),
            .init("how unlikely", isNumber: true), .init("what"),
        ])
        let anomalies = elements("anomalies")
        for anomaly in anomalies.prefix(Self.mostAnomalies) {
            var bytes = "-"
            if let start = anomaly["start"]?.int, let end = anomaly["end"]?.int { bytes = "\(start)-\(end)" }
            let tool = [anomaly["server"]?.string, anomaly["tool"]?.string].compactMap { $0 }
            table.add([
                .init(anomaly["kind"]?.string ?? "", .warn), .init(anomaly["ts"]?.string ?? ""),
                .init(tool.isEmpty ? "-" : tool.joined(separator: "/")),
                .init(anomaly["session"]?.string ?? "-"), .init(bytes),
                .init(Self.odds(anomaly["share"]?.double)), .init(anomaly["text"]?.string ?? ""),
            ])
        }
        guard !anomalies.isEmpty else { return [] }
        return [table.rendered(style)] + more(anomalies, Self.mostAnomalies, "anomalies", style)
    }

    // MARK: Figures

    private func elements(_ key: StaticString) -> [JSONView] {
        report[key].map { Array($0.elements) } ?? []
    }

    private func more(_ rows: [JSONView], _ shown: Int, _ name: String, _ style: Style) -> [String] {
        rows.count > shown
            ? [style.tinted("and \(rows.count - shown) more \(name); -o json gives all", .dim)] : []
    }

    private static func names(_ list: JSONView?, _ separator: String) -> String {
        (list.map { $0.elements.compactMap(\.string) } ?? []).joined(separator: separator)
    }

    private static func figure(_ value: Double, _ isShare: Bool) -> String {
        isShare ? String(format: "%.1f %%", 100 * value) : Amount.number(value)
    }

    private static func percent(_ view: JSONView?) -> String {
        guard let share = view?.double else { return "-" }
        return share > 0 && share < 0.005 ? "<1 %" : String(format: "%.0f %%", 100 * share)
    }

    private static func time(_ milliseconds: JSONView?) -> String {
        guard let value = milliseconds?.double, value >= 0 else { return "-" }
        return Amount.duration(microseconds: Int64(min(value * 1000, 1e15).rounded()))
    }

    /// Such as `1 in 2000`.
    private static func odds(_ share: Double?) -> String {
        guard let share else { return "-" }
        guard share > 0 else { return "never seen" }
        return share >= 0.1 ? String(format: "%.0f %%", 100 * share) : "1 in \(Amount.number(1 / share))"
    }
}
