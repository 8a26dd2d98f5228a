import NIOCore

extension HTTPListener {
    /// The errno of what `bind` threw; nil if the failure was none of the operating system's.
    package static func errno(of error: any Error) -> Int32? { (error as? IOError)?.errnoCode }
}
