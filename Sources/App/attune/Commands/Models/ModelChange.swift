import Assembly
import Foundation
import ModelHistory

/// Has a change of a model's history made, and says what came of it.
enum ModelChange {
    static func make(
        _ deed: ModelRequest.Deed, _ option: ModelOption, message: String = "", bundle: FileHandle? = nil
    ) throws(CommandFailure) {
        let name = try option.name
        let configuration = try option.config.load().configuration
        let request = ModelRequest(model: name.text, author: author, message: message, deed)
        let reply: ModelReply
        do throws(HistoryError) {
            reply = try ModelStore(configuration).perform(request, bundle: bundle)
        } catch {
            throw .history(error)
        }
        switch reply {
        case .done(let text, let data): option.show(Style.printable(text), json: data)
        case .failed(let reason, let next): throw .modelChange(reason: reason, next: next)
        }
    }

    /// Who runs the command, as reflogs name them.
    private static var author: String {
        let name = NSUserName()
        return name.isEmpty ? "operator" : String(name.prefix(64))
    }
}
