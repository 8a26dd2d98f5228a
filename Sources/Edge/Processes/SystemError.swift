import Glibc

/// A failed system call.
struct SystemError: Error, Equatable {
    let errno: Int32
}

/// Texts of the operating system's error numbers.
enum SystemMessage {
    static func text(_ errno: Int32) -> String {
        // Proof: glibc's `strerror` returns a terminated text that this thread owns until its next call,
        // and it is copied here.
        guard let text = unsafe strerror(errno) else { return "unknown error" }
        return unsafe String(cString: text)
    }
}
