/// Times as people write them.
enum CivilTime {
    /// The seconds since 1970 of `YYYY-MM-DD hh:mm:ss`, also with a `T` between, in UTC; nil for other text.
    ///
    /// Days are counted as in Hinnant: "chrono-compatible low-level date algorithms", `days_from_civil`.
    static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        let separators: [(at: Int, is: [UInt8])] = [
            (4, [0x2D]), (7, [0x2D]), (10, [0x20, 0x54]), (13, [0x3A]), (16, [0x3A]),
        ]
        guard bytes.count >= 19, separators.allSatisfy({ $0.is.contains(bytes[$0.at]) }) else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 + hour * 3600 + minute * 60 + second
    }
}
