import Foundation

/// JSON by Foundation, so that the gateway's own scanner does not judge itself.
typealias JSONObject = [String: Any]

enum JSON {
    static func bytes(_ value: Any) -> [UInt8] {
        let options: JSONSerialization.WritingOptions = [
            .sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed,
        ]
        return (try? JSONSerialization.data(withJSONObject: value, options: options)).map(Array.init) ?? []
    }

    static func value(_ bytes: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    }

    static func object(_ bytes: [UInt8]) -> JSONObject { value(bytes) as? JSONObject ?? [:] }
}

extension [String: Any] {
    subscript(path path: String...) -> Any? {
        path.reduce(self as Any?) { ($0 as? JSONObject)?[$1] }
    }

    var result: JSONObject? { self["result"] as? JSONObject }
    var errorCode: Int? { self[path: "error", "code"] as? Int }
    /// The text of a tool's result.
    var text: String? { ((result?["content"] as? [JSONObject])?.first)?["text"] as? String }
    var isToolError: Bool { result?["isError"] as? Bool ?? false }
    /// `error.data.attune.reason`, or what a tool's result says.
    var reason: String? {
        self[path: "error", "data", "attune", "reason"] as? String
            ?? self[path: "result", "_meta", "attune", "reason"] as? String
    }
    var method: String? { self["method"] as? String }
    var params: JSONObject { self["params"] as? JSONObject ?? [:] }
    /// The names of a list's items.
    func names(_ key: String, _ name: String = "name") -> [String] {
        (result?[key] as? [JSONObject] ?? []).compactMap { $0[name] as? String }
    }
}
