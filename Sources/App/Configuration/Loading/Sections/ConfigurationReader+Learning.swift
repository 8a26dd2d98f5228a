extension ConfigurationReader {
    mutating func readLearning(_ entry: TOMLEntry) {
        var section = section(entry)
        if let mode: LearningConfiguration.Mode = section.choice("mode") {
            configuration.learning.mode = mode
        }
        configuration.learning.socket = section.text("socket")
        if let capture: LearningConfiguration.Capture = section.choice("capture") {
            configuration.learning.capture = capture
        }
        if let journal: LearningConfiguration.JournalWrites = section.choice("journal") {
            configuration.learning.journal = journal
        }
        if let time = section.seconds("model_update_interval", in: 0.1...2_592_000) {
            configuration.learning.modelUpdateInterval = time
        }
        if let records = section.integer("batch_size", in: 1...1_000_000) {
            configuration.learning.batchRecords = records
        }
        if let rate = section.number("learning_rate", in: 1e-9...1) {
            configuration.learning.learningRate = rate
        }
        section.finish()
    }
}
