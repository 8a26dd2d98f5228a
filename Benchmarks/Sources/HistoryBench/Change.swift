/// How a version of a model differs from the one before, by 1 % of its bytes.
enum Change: String, CaseIterable {
    /// One run of bytes is another.
    case run
    /// Numbers of 4 bytes all over are others.
    case numbers
    /// Single bytes all over are others.
    case bytes
    /// A run is taken out in one place and another one put in elsewhere.
    case shift

    func apply(to model: inout [UInt8], _ random: inout some RandomNumberGenerator) {
        let changed = model.count / 100
        switch self {
        case .run:
            let place = Int.random(in: 0..<model.count - changed, using: &random)
            for offset in 0..<changed { model[place + offset] = UInt8.random(in: 0...255, using: &random) }
        case .numbers:
            for _ in 0..<changed / 4 {
                let place = Int.random(in: 0..<model.count / 4, using: &random) * 4
                for offset in 0..<4 { model[place + offset] = UInt8.random(in: 0...255, using: &random) }
            }
        case .bytes:
            for _ in 0..<changed {
                model[Int.random(in: 0..<model.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
        case .shift:
            let place = Int.random(in: 0..<model.count - changed, using: &random)
            model.removeSubrange(place..<place + changed)
            let added = (0..<changed).map { _ in UInt8.random(in: 0...255, using: &random) }
            model.insert(contentsOf: added, at: Int.random(in: 0...model.count, using: &random))
        }
    }
}
