/// Replaces the servers in a block of a JSON file by one entry that names Attune, in the style of the file.
struct ServersBlockEdit {
    let bytes: [UInt8]
    let block: JSONCNode
    /// The members that stay, as they are written.
    let kept: [JSONCMember]
    let name: String
    let entry: [(key: String, value: String)]

    /// The new text of the block, brackets included.
    var text: String {
        let keptTexts = kept.map {
            String(decoding: bytes[$0.keyRange.lowerBound..<$0.value.range.upperBound], as: UTF8.self)
        }
        guard let first = block.members?.first, let outer = indentation(before: block.range.upperBound - 1),
            let inner = indentation(before: first.keyRange.lowerBound)
        else {
            let fields = entry.map { "\(JSONText.quoted($0.key)): \($0.value)" }.joined(separator: ", ")
            return "{ " + (keptTexts + ["\(JSONText.quoted(name)): { \(fields) }"]).joined(separator: ", ")
                + " }"
        }
        let unit = inner.hasPrefix(outer) && inner != outer ? String(inner.dropFirst(outer.count)) : "  "
        let lineBreak = self.lineBreak
        let fields = entry.map { "\(inner)\(unit)\(JSONText.quoted($0.key)): \($0.value)" }
        let body = fields.joined(separator: "," + lineBreak)
        let attune = "\(JSONText.quoted(name)): {\(lineBreak)\(body)\(lineBreak)\(inner)}"
        let members = (keptTexts + [attune]).map { inner + $0 }.joined(separator: "," + lineBreak)
        return "{\(lineBreak)\(members)\(lineBreak)\(outer)}"
    }

    /// The white space before a place, when nothing else stands before it on its line.
    private func indentation(before offset: Int) -> String? {
        var start = offset
        while start > 0, bytes[start - 1] == 32 || bytes[start - 1] == 9 { start -= 1 }
        guard start > 0, bytes[start - 1] == 10 || bytes[start - 1] == 13 else { return nil }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private var lineBreak: String {
        guard let feed = bytes[block.range].firstIndex(of: 10) else { return "\n" }
        return feed > 0 && bytes[feed - 1] == 13 ? "\r\n" : "\n"
    }
}
