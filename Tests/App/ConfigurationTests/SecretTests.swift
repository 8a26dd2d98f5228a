import Foundation
import Testing

@testable import Configuration

@Suite("Secrets of files and commands")
struct SecretTests {
    private let environment = ["PATH": "/usr/bin:/bin", "WORD": "hidden"]

    private func server(_ header: String) -> String {
        "[servers.a]\nurl = \"http://a/mcp\"\nheaders = { Authorization = \(header) }"
    }

    private func header(_ text: String, _ references: SecretReferences = .read) throws -> ExpandedText {
        let loaded = try load(server(text), environment: environment, references: references)
        return try #require(loaded.configuration.servers.first?.url?.headers.first).value
    }

    private func refused(_ text: String, _ references: SecretReferences = .read) -> [String] {
        do {
            _ = try load(text, environment: environment, references: references)
            return []
        } catch let failure as ConfigurationFailure {
            return failure.diagnostics.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("a file's text stands in a header without the line end, and again when it is read anew")
    func file() throws {
        let path = NSTemporaryDirectory() + "attune-secret-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for text in ["first", "second"] {
            try "\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
            let value = try header("\"Bearer ${file:\(path)}\"")
            #expect(value.value == "Bearer \(text)")
            #expect(value.isSecret)
            #expect(!"\(value)".contains(text))
        }
    }

    @Test("a command's output does too, with the environment of the gateway")
    func command() throws {
        #expect(try header("'${command:printf %s $WORD | tr a-z A-Z}'").value == "HIDDEN")
        let loaded = try load(
            "[servers.a]\ncommand = \"x\"\nenv = { TOKEN = \"${command:echo $WORD}\" }",
            environment: environment, references: .read)
        guard case .command(let command)? = loaded.configuration.servers.first?.upstream else {
            Issue.record("no command")
            return
        }
        #expect(command.environment["TOKEN"]?.value == "hidden")
        #expect(loaded.secrets == ["hidden"])
    }

    @Test("who only looks at a configuration reads no secret")
    func kept() throws {
        #expect(try header("\"${file:/none/at/all}\"", .kept).value == "${file:/none/at/all}")
        #expect(try header("\"${command:exit 1}\"", .kept).value == "${command:exit 1}")
    }

    @Test("a secret that cannot be had is an error at its reference, and has a place in headers and env only")
    func refusals() {
        #expect(
            refused(server("\"${file:/none/at/all}\""))
                == ["3:30 ${file:/none/at/all}: the file cannot be read: No such file or directory"])
        #expect(
            refused(server("\"${command:exit 3}\"")).first?.hasSuffix(
                "gave no secret: it ended with status 3")
                == true)
        #expect(refused(server("\"${command:true}\"")).first?.hasSuffix("there is nothing in it") == true)
        #expect(
            refused(server("\"${command:yes}\"")).first?.hasSuffix("it wrote more than 65536 bytes") == true)
        #expect(
            refused("[servers.a]\ncommand = \"${command:echo x}\"", .kept)
                == ["2:12 ${command:echo x} has a place in headers and env only"])
    }

    @Test("a command that does not end is given up")
    func endless() {
        #expect(throws: SecretCommand.Fault.timedOut(seconds: 1)) {
            try SecretCommand.output(of: "sleep 30", environment: environment, seconds: 1)
        }
        #expect(throws: SecretCommand.Fault.timedOut(seconds: 1)) {
            try SecretCommand.output(of: "exec >&-; sleep 30", environment: environment, seconds: 1)
        }
    }
}
