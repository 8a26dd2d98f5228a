import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("Data of calls") struct CallDataTests {
    private let files: CallFile

    init() throws { files = try CallFile() }

    private func load(
        _ data: [String], warm: [String] = [], sessions: [String] = [],
        _ change: (inout EvaluationOptions) -> Void = { _ in }
    ) throws -> [CallData] {
        var options = EvaluationOptions()
        options.data = [try files.write("data", data)]
        if !warm.isEmpty { options.warm = [try files.write("warm", warm)] }
        if !sessions.isEmpty { options.sessions = [try files.write("sessions", sessions)] }
        change(&options)
        return try CallData.load(options)
    }

    @Test("Sessions stand by the SHA-256 of their id, rows in the order of the file") func order() throws {
        let rows = ["c", "a", "b"].flatMap { id in ["x", "y"].map { CallFile.call($0, session: id) } }
        let data = try #require(try load(rows.reversed()).first)
        // SHA-256: b 3e23…, a ca97…, c 2e7d….
        #expect(data.scored.map(\.id) == ["c", "b", "a"])
        #expect(data.scored.allSatisfy { $0.rows.map(\.tool) == ["y", "x"] })
    }

    @Test("Rows without a session keep their order, after all that have one") func withoutSession() throws {
        let rows = [
            CallFile.call("one"), CallFile.call("in", session: "s"), CallFile.call("two"),
            CallFile.call("three"),
        ]
        let data = try #require(try load(rows).first)
        #expect(data.scored.map { $0.rows.map(\.tool) } == [["in"], ["one", "two", "three"]])
    }

    @Test("Without a sessions file a session may call what its servers list") func serverTools() throws {
        let rows = [
            CallFile.call("a", session: "1", server: "x"), CallFile.call("b", session: "2", server: "x"),
            CallFile.call("c", session: "3", server: "y"), CallFile.call("a", session: "3", server: "x"),
        ]
        let data = try #require(try load(rows, warm: [CallFile.call("w", session: "4", server: "y")]).first)
        let tools = Dictionary(
            uniqueKeysWithValues: data.scored.map { ($0.id, data.listed[$0.servers]?.map(\.tool) ?? []) })
        #expect(tools == ["1": ["a", "b"], "2": ["a", "b"], "3": ["a", "b", "c", "w"]])
    }

    @Test("With a sessions file a session may call what any session of its server calls") func domainTools()
        throws
    {
        let rows = [
            CallFile.call("a", session: "1", server: "x"), CallFile.call("b", session: "2", server: "x"),
            CallFile.call("c", session: "3", server: "y"),
        ]
        let sessions = ["1:p", "2:q", "3:p"].map { pair in
            "{\"session_id\":\"\(pair.prefix(1))\",\"server\":\"\(pair.suffix(1))\"}"
        }
        let data = try #require(try load(rows, sessions: sessions).first)
        let tools = Dictionary(
            uniqueKeysWithValues: data.scored.map { ($0.id, data.listed[$0.servers]?.map(\.tool) ?? []) })
        #expect(tools == ["1": ["a", "c"], "2": ["b"], "3": ["a", "c"]])
    }

    @Test("Groups that are scored are left out of what is learned first") func groups() throws {
        let sessions = ["1:g", "2:g", "3:h"].map { pair in
            "{\"session_id\":\"\(pair.prefix(1))\",\"group\":\"\(pair.suffix(1))\"}"
        }
        let warm = ["2", "3", "4"].map { CallFile.call("a", session: $0) }
        let data = try load([CallFile.call("a", session: "1")], warm: warm, sessions: sessions) {
            $0.leaveGroupOut = true
        }
        #expect(Set(data[0].warm.map(\.id)) == ["3", "4"])
    }

    @Test("Attacked sessions are left out of a clean start") func clean() throws {
        let warm = [
            CallFile.call("a", session: "1", extra: ",\"attack\":1"), CallFile.call("b", session: "1"),
            CallFile.call("a", session: "2", extra: ",\"attack\":0"),
        ]
        let data = try load([CallFile.call("a", session: "3")], warm: warm) { $0.cleanWarm = true }
        #expect(data[0].warm.map(\.id) == ["2"])
    }

    @Test("What is no JSON object is named with its line, and rows of other tasks are passed over")
    func lines() throws {
        #expect(throws: EvaluationFailure.noRows) { try load(["{\"model\":\"m\"}"]) }
        let path = "\(files.folder.path)/data"
        let reason = "it is no JSON object"
        #expect(throws: EvaluationFailure.malformedLine(path: path, line: 3, reason: reason)) {
            try load([CallFile.call("a"), "", "[1]"])
        }
        #expect(throws: EvaluationFailure.malformedLine(path: path, line: 1, reason: reason)) {
            try load(["{\"a\":"])
        }
    }

    @Test("A file that is not there is named") func missing() throws {
        var options = EvaluationOptions()
        options.data = ["\(files.folder.path)/none"]
        #expect { try CallData.load(options) } throws: { error in
            guard case EvaluationFailure.unreadable(let path, _) = error else { return false }
            return path.hasSuffix("/none")
        }
    }
}
