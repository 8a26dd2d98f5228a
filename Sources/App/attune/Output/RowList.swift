import Wire

/// Writes rows of the admin interface as one JSON array.
enum RowList {
    /// - Parameter leavingOut: members that the interface gives and the command does not promise.
    static func json(_ rows: [JSONView], leavingOut: Set<String> = []) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.beginArray()
        for row in rows {
            json.beginObject()
            for (key, _, value) in row.members where !leavingOut.contains(key) {
                json.key(key)
                json.raw(value)
            }
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
