/// Why a text is not JSON, comments and trailing commas allowed.
struct JSONCFault: Error, Equatable, Sendable {
    enum Reason: Equatable, Sendable {
        case expectedValue, expectedKey, expectedColon, expectedCommaOrEnd, unterminatedString,
            unterminatedComment
        case invalidString, invalidNumber, invalidUTF8, tooDeep, trailingText
    }

    var reason: Reason
    /// In bytes.
    var offset: Int

    var message: String {
        switch reason {
        case .expectedValue: "a value is missing or is none of JSON's"
        case .expectedKey: "a key in double quotes is missing"
        case .expectedColon: "a colon is missing after the key"
        case .expectedCommaOrEnd: "a comma or a closing bracket is missing"
        case .unterminatedString: "a string has no end"
        case .unterminatedComment: "a comment has no end"
        case .invalidString: "a string holds a control character or a wrong escape"
        case .invalidNumber: "this is no number of JSON"
        case .invalidUTF8: "the file is not UTF-8 from here on"
        case .tooDeep: "objects and arrays are nested deeper than \(JSONCParser.maximumDepth) levels"
        case .trailingText: "there is text after the end of the document"
        }
    }
}
