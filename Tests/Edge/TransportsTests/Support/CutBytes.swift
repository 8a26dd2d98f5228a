extension [UInt8] {
    /// The bytes cut into pieces at the given places, in any order and with repetitions.
    func cut(at places: [Int]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        for place in places.sorted() + [count] {
            pieces.append(Array(self[start..<place]))
            start = place
        }
        return pieces
    }
}
