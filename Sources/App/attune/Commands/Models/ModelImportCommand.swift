import ArgumentParser
import Foundation

/// `attune model import`.
struct ModelImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a file that `attune model bundle` wrote.",
        discussion: """
            Every byte is checked. A model that is here already keeps its branches and HEAD: those of the \
            file come beside them as imported/NAME, to be compared and merged.
            """)

    @Argument(help: "The file.", completion: .file()) var file: String
    @OptionGroup var option: ModelOption

    func run() async throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let bytes = (attributes?[.size] as? NSNumber)?.intValue,
            let handle = FileHandle(forReadingAtPath: file)
        else { throw CommandFailure.unreadable(path: file, reason: "it is no file that can be read") }
        try await ModelChange.make(.take(bytes: bytes), option, bundle: handle)
    }
}
