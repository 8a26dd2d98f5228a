@testable import Forwarding

extension ScriptedServer {
    /// Adds a tool to one session or process, and says so there alone; `growsForAll` adds it for everyone.
    func grow(_ peer: Peer, _ answer: (JSONObject) -> Void) {
        if growsForAll { tools.append("grown\(tools.count)") } else { peer.tools.append("grown") }
        guard let unasked = peer.unasked else {
            protocolErrors.append("nobody hears of the change")
            return answer(text("unheard"))
        }
        unasked(Self.notification("notifications/tools/list_changed"))
        answer(text("grew"))
    }
}
