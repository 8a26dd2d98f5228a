import Foundation
import Testing

@testable import Processes

/// A directory that looks like the kernel's files, with writes that take as they do there.
private struct FakeKernel {
    let root: URL

    var mount: String { root.path + "/cgroup" }
    var proc: String { root.path + "/proc" }

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "attune-cgroup-\(UUID())")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    func put(_ path: String, _ text: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func process(_ number: Int, parent: Int, cgroup: String) throws {
        try put("proc/\(number)/stat", "\(number) (a) b) S \(parent) 1 1 0")
        try put("proc/\(number)/cgroup", cgroup)
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    func group(of process: Int32) -> ControlGroup? {
        ControlGroup(of: process, mount: mount, proc: proc)
    }
}

@Suite("Control groups") struct ControlGroupTests {
    @Test("A group of version 2 that holds the gateway and what it started alone may be divided")
    func versionTwo() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        try kernel.process(100, parent: 1, cgroup: "0::/service\n")
        try kernel.process(101, parent: 100, cgroup: "0::/service\n")
        try kernel.put("cgroup/service/cgroup.controllers", "cpu memory pids\n")
        try kernel.put("cgroup/service/cgroup.procs", "100\n101\n")
        let group = try #require(kernel.group(of: 100))
        #expect(group.version == .two)
        #expect(group.path == kernel.mount + "/service")
    }

    @Test("A group that holds another program is left as it is") func shared() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        try kernel.process(100, parent: 1, cgroup: "0::/session\n4:memory:/session\n")
        try kernel.process(50, parent: 1, cgroup: "0::/session\n4:memory:/session\n")
        try kernel.put("cgroup/session/cgroup.controllers", "memory\n")
        try kernel.put("cgroup/session/cgroup.procs", "50\n100\n")
        try kernel.put("cgroup/memory/session/cgroup.procs", "50\n100\n")
        #expect(kernel.group(of: 100) == nil)
        let plan = LimitPlan.prepared(
            "attune-learner", memoryBytes: 1 << 20, process: 100, mount: kernel.mount, proc: kernel.proc)
        #expect(plan == LimitPlan(method: .resourceLimits, memoryBytes: 1 << 20, group: nil))
        #expect(!FileManager.default.fileExists(atPath: kernel.mount + "/session/attune-learner"))
    }

    @Test("Version 1 serves where version 2 does not bound memory") func versionOne() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        try kernel.process(100, parent: 1, cgroup: "9:name=systemd:/\n4:cpu,memory:/box\n0::/\n")
        try kernel.put("cgroup/cgroup.controllers", "cpu\n")
        try kernel.put("cgroup/memory/box/cgroup.procs", "100\n")
        // The kernel makes these files with the directory.
        try kernel.put("cgroup/memory/box/attune-learner/memory.limit_in_bytes", "")
        let plan = LimitPlan.prepared(
            "attune-learner", memoryBytes: 4096, process: 100, mount: kernel.mount, proc: kernel.proc)
        #expect(plan.method == .cgroup1)
        #expect(plan.group == kernel.mount + "/memory/box/attune-learner")
        let written = try String(
            contentsOfFile: kernel.mount + "/memory/box/attune-learner/memory.limit_in_bytes", encoding: .utf8
        )
        #expect(written == "4096")
    }

    @Test("A refused write leaves the limits to RLIMIT_DATA") func refused() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        try kernel.process(100, parent: 1, cgroup: "4:memory:/box\n")
        try kernel.put("cgroup/memory/box/cgroup.procs", "100\n")
        let plan = LimitPlan.prepared(
            "attune-learner", memoryBytes: 4096, process: 100, mount: kernel.mount, proc: kernel.proc)
        #expect(plan.method == .resourceLimits)
        #expect(plan.group == nil)
    }

    @Test("A process without control groups has none", arguments: ["", "garbage\n", "0::\n", "::::\n"])
    func none(text: String) throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        try kernel.process(100, parent: 1, cgroup: text)
        #expect(kernel.group(of: 100) == nil)
        #expect(kernel.group(of: 7) == nil)
    }
}
