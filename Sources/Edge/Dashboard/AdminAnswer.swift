import Sessions

/// The answers of the admin interface.
enum AdminAnswer {
    static func json(_ body: [UInt8], status: Int = 200) -> HTTPAnswer {
        HTTPAnswer(status: status, content: .json, body: body)
    }

    static func error(
        _ status: Int, _ code: String, _ message: String, available: [String] = []
    ) -> HTTPAnswer {
        json(AdminJSON.error(code, message, available: available), status: status)
    }

    static func notAllowed(_ allow: StaticString) -> HTTPAnswer {
        var answer = error(405, "method_not_allowed", "this address takes \(allow) only")
        answer.headers.allow = allow
        return answer
    }
}
