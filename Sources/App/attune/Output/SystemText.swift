import Foundation

/// What the operating system says of an error number.
enum SystemText {
    static func of(_ number: Int32) -> String {
        // Proof: `strerror` gives a text of the C library that nobody frees; it is copied at once.
        unsafe String(cString: strerror(number))
    }
}
