/// Why a document is not read at all, before its grammar is judged.
enum TOMLLocatorFault: Error, Equatable, Sendable {
    /// A NUL, written plainly or as an escape: C strings end there.
    case nul(offset: Int)
    /// Deeper than `TOMLLocator.maximumDepth`.
    case tooDeep(offset: Int)
    /// A table header without a key: TOMLKit's parser ends the process there (an assertion in toml++ 3.4).
    case headerWithoutKey(offset: Int)
    /// Not a string, and no number, date or word of TOML.
    case notAValue(Range<Int>)
}
