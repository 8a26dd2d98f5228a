import Foundation

/// What a directory's files are on, as the system lists it.
struct MountedFileSystem {
    let text: String

    init(of path: String) {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        var longest = 0
        var type = "an unknown file system"
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2 else { continue }
            let place = words[1] == "/" ? "/" : words[1] + "/"
            // The last of those mounted at one place is the one that is seen.
            if path.hasPrefix(place), place.count >= longest {
                longest = place.count
                type = String(words[2])
            }
        }
        text = type
    }
}
