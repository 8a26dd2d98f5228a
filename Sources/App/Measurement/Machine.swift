import Foundation

/// What measured values depend on besides the program's own text.
struct Machine {
    var processor: String
    var cores: Int
    var isDebugBuild: Bool

    static var current: Machine {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = info.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        return Machine(
            processor: name ?? "unknown processor", cores: ProcessInfo.processInfo.activeProcessorCount,
            isDebugBuild: isDebug)
    }

    var text: String {
        "\(isDebugBuild ? "DEBUG build (no promise is meant for it)" : "release build"); \(processor), "
            + "\(cores) \(cores == 1 ? "core" : "cores")"
    }

    private static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }
}
