/// A message of a Python program to the learner, read from the body of a frame and checked.
package enum WorkerCommand: Sendable, Equatable {
    /// A JSON object that is passed on to whoever reads the learner's messages.
    case message([UInt8])
    case prediction(Prediction)
    case change(StateChange)

    package static let mostValueBytes = 65_536

    /// The kinds of frames that a worker may send.
    package enum Kind: UInt16, Sendable {
        case message = 1
        case prediction = 2
        /// `u16 key length, key, value`.
        case stateWrite = 3
        /// The key.
        case stateDelete = 4
    }

    /// nil unless the body is what the kind says, within the bounds.
    package init?(kind: UInt16, body: [UInt8]) {
        switch Kind(rawValue: kind) {
        case .message:
            guard JSONObjectText.isValid(body) else { return nil }
            self = .message(body)
        case .prediction:
            guard let prediction = Prediction(json: body) else { return nil }
            self = .prediction(prediction)
        case .stateWrite:
            guard body.count >= 2 else { return nil }
            let end = 2 + Int(body[0]) + Int(body[1]) << 8
            guard body.count >= end, body.count - end <= Self.mostValueBytes, Self.mayChange(body[2..<end])
            else { return nil }
            self = .change(.put(key: Array(body[2..<end]), value: Array(body[end...]), lifetime: nil))
        case .stateDelete:
            guard Self.mayChange(body[...]) else { return nil }
            self = .change(.delete(key: body))
        case nil: return nil
        }
    }

    private static func mayChange(_ key: ArraySlice<UInt8>) -> Bool {
        (1...LearnerKeys.mostBytes).contains(key.count) && !LearnerKeys.isReserved(key)
    }
}
