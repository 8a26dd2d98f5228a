import Sessions

/// The dashboard: one page with its style sheet and script, all served from here and nothing from elsewhere.
enum DashboardPage {
    static func answer(_ route: AdminRoute) -> HTTPAnswer {
        switch route {
        case .styleSheet: HTTPAnswer(status: 200, content: .css, body: styleBytes)
        case .script: HTTPAnswer(status: 200, content: .javascript, body: scriptBytes)
        case .icon: HTTPAnswer(status: 200, content: .svg, body: iconBytes)
        default: HTTPAnswer(status: 200, content: .html, body: markupBytes)
        }
    }

    private static let markupBytes = Array(markup.utf8)
    private static let styleBytes = Array(style.utf8)
    private static let scriptBytes = Array((script + charts + patterns).utf8)
    private static let iconBytes = Array(icon.utf8)

    private static let icon = #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8"
        fill="#4f46e5"/><path d="M7 16h4l3-7 4 14 3-7h4" fill="none" stroke="#fff" stroke-width="2.6"
        stroke-linecap="round" stroke-linejoin="round"/></svg>
        """#
}
