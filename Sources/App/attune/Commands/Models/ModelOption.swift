import ArgumentParser
import Assembly
import Configuration
import ModelHistory

/// What every command of `attune model` takes.
struct ModelOption: ParsableArguments {
    @Option(help: "The model; `attune model list` shows them.")
    var model = "learner"
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    /// - Throws: `history` for what can't name a model.
    var name: ModelName {
        get throws(CommandFailure) {
            guard let name = ModelName(model), name.isFlat else {
                throw .history(.malformedName(.model, model))
            }
            return name
        }
    }

    /// Reads the history beside a learner that may be writing it.
    func reading<Result>(
        _ body: (ModelReader) throws(HistoryError) -> Result
    ) throws(CommandFailure) -> Result {
        let configuration = try config.load().configuration
        do throws(HistoryError) {
            return try ModelStore(configuration).reading(body)
        } catch {
            throw .history(error)
        }
    }

    /// Writes text, or the JSON of it.
    func show(_ text: @autoclosure () -> String, json: @autoclosure () -> [UInt8]) {
        Console.data(output.isJSON ? json() : Array(text().utf8))
    }
}
