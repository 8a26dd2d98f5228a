/// Finds the values in the text of arguments without parsing it: strings that are no keys, and bare runs.
///
/// Places are those in the very text, so that what is known of its bytes is known of its values; text that is
/// no JSON has values too.
/// - Complexity: one step a byte.
enum ArgumentTexts {
    static func forEach(_ arguments: ArraySlice<UInt8>, _ visit: (Range<Int>) -> Void) {
        var index = arguments.startIndex
        while index < arguments.endIndex {
            let first = index
            if arguments[index] == UInt8(ascii: "\"") {
                let end = closing(arguments, first + 1)
                index = min(end + 1, arguments.endIndex)
                if !isBeforeColon(arguments, index) { visit(first + 1..<end) }
            } else if isGap(arguments[index]) {
                index += 1
            } else {
                while index < arguments.endIndex, !isGap(arguments[index]),
                    arguments[index] != UInt8(ascii: "\"")
                {
                    index += 1
                }
                visit(first..<index)
            }
        }
    }

    /// The quote that ends a string, or the text's end.
    private static func closing(_ text: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, text.endIndex)
    }

    private static func isBeforeColon(_ text: ArraySlice<UInt8>, _ start: Int) -> Bool {
        text[start...].first { $0 != UInt8(ascii: " ") } == UInt8(ascii: ":")
    }

    private static func isGap(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...32, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
