/// Why a client may not attach; it is told the code and a sentence: `{"error":{"code":…,"message":…}}`.
package struct AttachRefusal: Error, Sendable, Equatable, Codable {
    package enum Code: String, Sendable, CaseIterable, Codable {
        case badRequest = "bad_request"
        /// The certificate is not for the role.
        case wrongName = "wrong_name"
        /// The process belongs to another user.
        case wrongUser = "wrong_user"
        case lineTooLong = "line_too_long"
        /// No layout version is known to both.
        case layoutUnsupported = "layout_unsupported"
        /// There is a learner, or a worker of the name, already.
        case nameTaken = "name_taken"
        /// As many as there may be are attached.
        case tooMany = "too_many"
        /// The gateway has no region to attach to.
        case unavailable
        /// The token was used, has expired or was never issued.
        case badToken = "bad_token"
        /// The segment that was handed over can't be used.
        case badSegment = "bad_segment"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
