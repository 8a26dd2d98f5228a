import Assembly
import Foundation
import ModelHistory

/// Has a change of a model's history made, and says what came of it.
enum ModelChange {
    static func make(
        _ deed: ModelRequest.Deed, _ option: ModelOption, message: String = "", bundle: FileHandle? = nil
    ) async throws(CommandFailure) {
        let name = try option.name
        let configuration = try option.config.load().configuration
        let request = ModelRequest(model: name.text, author: OperatorAct.user, message: message, deed)
        let reply: ModelReply
        do throws(HistoryError) {
            reply = try ModelStore(configuration).perform(request, bundle: bundle)
        } catch {
            await ActNote.leave(OperatorAct(request.action, .failed, [name.text, "\(error)"]), configuration)
            throw .history(error)
        }
        switch reply {
        case .done(let text, let data):
            await ActNote.leave(OperatorAct(request.action, .applied, [name.text, text]), configuration)
            option.show(Style.printable(text), json: data)
        case .failed(let reason, let next):
            await ActNote.leave(OperatorAct(request.action, .failed, [name.text, reason]), configuration)
            throw .modelChange(reason: reason, next: next)
        }
    }
}
