/// The way from the root of a TOML document to one value.
struct TOMLPath: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case key(String)
        /// From 0.
        case index(Int)
    }

    var parts: [Part] = []

    func appending(_ key: String) -> TOMLPath { TOMLPath(parts: parts + [.key(key)]) }
    func appending(_ index: Int) -> TOMLPath { TOMLPath(parts: parts + [.index(index)]) }
}
