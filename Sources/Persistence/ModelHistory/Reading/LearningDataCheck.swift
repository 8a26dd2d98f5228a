import Schemas

/// Whether bytes are those of a `LearningData`.
enum LearningDataCheck {
    static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        (try? LearningData(serializedBytes: bytes)) != nil
    }
}
