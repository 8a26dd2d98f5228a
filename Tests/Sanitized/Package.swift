// swift-tools-version: 6.2
import PackageDescription

// The rooms of shared memory alone, built for the thread sanitizer: it can't see into `static inline`
// functions of C, so here they are compiled in a .c file. `make sanitize` builds and runs it.
let outOfLine = "CSHARED_OUT_OF_LINE"
let settings: [SwiftSetting] = [
    .strictMemorySafety(), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
    .enableExperimentalFeature("Lifetimes"), .unsafeFlags(["-Xcc", "-D\(outOfLine)"]),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Rooms/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "sanitized",
    platforms: [.macOS(.v26)],
    targets: [
        .target(name: "CSharedMemory", path: "Rooms/CSharedMemory", cSettings: [.define(outOfLine)]),
        room("Identifiers", []),
        room("SharedMemory", ["CSharedMemory"]),
        room("Rings", ["SharedMemory", "CSharedMemory"]),
        room("SharedState", ["Identifiers", "SharedMemory", "CSharedMemory"]),
        .executableTarget(
            name: "Race",
            dependencies: ["CSharedMemory", "Identifiers", "SharedMemory", "Rings", "SharedState"],
            path: "Race", swiftSettings: settings),
        .testTarget(
            name: "SanitizedTests", dependencies: ["Race"], path: "SanitizedTests", swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
