import Foundation
import Testing

@testable import Configuration

@Suite("Where the configuration and the sockets are")
struct PathTests {
    @Test("the flag comes before the variable, then the working directory, then the user's directory")
    func discovery() throws {
        let scratch = try Scratch()
        let environment = ["HOME": scratch.path, "ATTUNE_CONFIG": "/named.toml"]
        func discover(_ explicit: String?, _ environment: [String: String]) -> String? {
            ConfigurationPath.discover(
                explicit: explicit, environment: environment, workingDirectory: scratch.path + "/work")
        }
        #expect(discover("given.toml", environment) == "given.toml")
        #expect(discover(nil, environment) == "/named.toml")
        #expect(discover(nil, ["HOME": scratch.path]) == nil)
        let user = try scratch.write(".config/attune/attune.toml", "")
        #expect(discover(nil, ["HOME": scratch.path]) == user)
        let xdg = try scratch.write("xdg/attune/attune.toml", "")
        #expect(discover(nil, ["HOME": scratch.path, "XDG_CONFIG_HOME": scratch.path + "/xdg"]) == xdg)
        let local = try scratch.write("work/attune.toml", "")
        #expect(discover(nil, ["HOME": scratch.path]) == local)
        #expect(discover("", ["HOME": scratch.path, "ATTUNE_CONFIG": ""]) == local)
    }

    @Test("the sockets are in the runtime directory, else beside the store; relative variables are ignored")
    func sockets() throws {
        let runtime = try load("", environment: ["HOME": "/h", "XDG_RUNTIME_DIR": "/run/user/1/"])
        #expect(runtime.configuration.runtimeDirectory == "/run/user/1/attune")
        let relative = try load(
            "", environment: ["HOME": "/h", "XDG_RUNTIME_DIR": "run", "XDG_DATA_HOME": "/d"])
        #expect(relative.configuration.runtimeDirectory == "/d/attune/run")
        let named = try load("[persistence]\nrocksdb_path = \"/store\"", environment: ["HOME": "/h"])
        #expect(named.configuration.runtimeDirectory == "/store/run")
    }

    @Test(
        "an address is HOST:PORT, with brackets for IPv6",
        arguments: [
            ("127.0.0.1:7420", "127.0.0.1", 7420), ("localhost:0", "localhost", 0),
            ("[::1]:65535", "::1", 65535),
        ])
    func address(_ text: String, _ host: String, _ port: UInt16) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == text)
    }

    @Test(
        "anything else is no address",
        arguments: [
            "", ":", ":80", "a", "a:", "a:b", "a:65536", "::1:80", "[::1]", "[a]:1", "[:80", "a b:1", "a/b:1",
            "a:-1", "a:٣",
        ])
    func noAddress(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
