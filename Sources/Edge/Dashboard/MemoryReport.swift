import Wire

/// What each part of the gateway's memory may have and has.
package struct MemoryReport: Sendable {
    package struct Part: Sendable {
        /// The published name, such as `rings`.
        package var part: String
        package var budgetBytes: Int
        package var usedBytes: Int
        /// What keeps it within its budget.
        package var enforcedBy: String

        package init(part: String, budgetBytes: Int, usedBytes: Int, enforcedBy: String) {
            self.part = part
            self.budgetBytes = budgetBytes
            self.usedBytes = usedBytes
            self.enforcedBy = enforcedBy
        }
    }

    package var profile: String
    package var parts: [Part]
    package var workingBytes: Int
    package var learningBufferBytes: Int

    package init(profile: String, parts: [Part], workingBytes: Int, learningBufferBytes: Int) {
        self.profile = profile
        self.parts = parts
        self.workingBytes = workingBytes
        self.learningBufferBytes = learningBufferBytes
    }

    package var totalBytes: Int { parts.reduce(0) { $0 + $1.budgetBytes } }

    /// `{profile, total_bytes, parts: [...], totals: {...}}`, as published.
    package var json: [UInt8] {
        AdminJSON.object { json in
            json.field("profile", profile)
            json.field("total_bytes", totalBytes)
            json.key("parts")
            json.beginArray()
            for part in parts {
                json.beginObject()
                json.field("part", part.part)
                json.field("budget_bytes", part.budgetBytes)
                json.field("used_bytes", part.usedBytes)
                json.field("enforced_by", part.enforcedBy)
                json.endObject()
            }
            json.endArray()
            json.key("totals")
            json.beginObject()
            json.field("working", workingBytes)
            json.field("learning_buffer", learningBufferBytes)
            json.endObject()
        }
    }
}
