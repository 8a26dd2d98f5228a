import Foundation
import Testing
import Wire

/// The files of JSONTestSuite (github.com/nst/JSONTestSuite), when they lie beside the project.
enum JSONTestSuiteFiles {
    static let directory: URL? = {
        var root = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let directory = root.appending(path: "../shared/json-test-suite/test_parsing").standardizedFileURL
        return FileManager.default.fileExists(atPath: directory.path) ? directory : nil
    }()

    static func names(_ prefix: String) -> [String] {
        guard let directory else { return [] }
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        return (names ?? []).filter { $0.hasPrefix(prefix) }.sorted()
    }

    static func verdict(_ name: String) throws -> ScanError? {
        guard let directory else { return nil }
        return refusal([UInt8](try Data(contentsOf: directory.appending(path: name))))
    }
}

@Suite(
    "JSONTestSuite",
    .enabled(if: JSONTestSuiteFiles.directory != nil, "../shared/json-test-suite is not there"))
struct JSONTestSuiteTests {
    @Test("accepts every text that a parser must accept")
    func mustAccept() throws {
        let names = JSONTestSuiteFiles.names("y_")
        #expect(names.count == 95)
        for name in names { #expect(try JSONTestSuiteFiles.verdict(name) == nil, "\(name)") }
    }

    @Test("refuses every text that a parser must refuse")
    func mustRefuse() throws {
        let names = JSONTestSuiteFiles.names("n_")
        #expect(names.count == 188)
        for name in names { #expect(try JSONTestSuiteFiles.verdict(name) != nil, "\(name)") }
    }

    @Test("decides by the written policy where a parser may choose")
    func mayChoose() throws {
        let names = JSONTestSuiteFiles.names("i_")
        #expect(Set(names) == Self.accepted.union(Self.refused.keys))
        for name in names { #expect(try JSONTestSuiteFiles.verdict(name) == Self.refused[name], "\(name)") }
    }

    // The table of docs/json-policy.md.
    private static let accepted: Set = [
        "i_number_double_huge_neg_exp.json",
        "i_number_huge_exp.json",
        "i_number_neg_int_huge_exp.json",
        "i_number_pos_double_huge_exp.json",
        "i_number_real_neg_overflow.json",
        "i_number_real_pos_overflow.json",
        "i_number_real_underflow.json",
        "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json",
        "i_number_very_big_negative_int.json",
        "i_object_key_lone_2nd_surrogate.json",
        "i_string_1st_surrogate_but_2nd_missing.json",
        "i_string_1st_valid_surrogate_2nd_invalid.json",
        "i_string_incomplete_surrogate_and_escape_valid.json",
        "i_string_incomplete_surrogate_pair.json",
        "i_string_incomplete_surrogates_escape_valid.json",
        "i_string_invalid_lonely_surrogate.json",
        "i_string_invalid_surrogate.json",
        "i_string_inverted_surrogates_U+1D11E.json",
        "i_string_lone_second_surrogate.json",
    ]

    private static let refused: [String: ScanError] = [
        "i_string_UTF-8_invalid_sequence.json": .invalidUTF8(offset: 7),
        "i_string_UTF8_surrogate_U+D800.json": .invalidUTF8(offset: 2),
        "i_string_invalid_utf-8.json": .invalidUTF8(offset: 2),
        "i_string_iso_latin_1.json": .invalidUTF8(offset: 2),
        "i_string_lone_utf8_continuation_byte.json": .invalidUTF8(offset: 2),
        "i_string_not_in_unicode_range.json": .invalidUTF8(offset: 2),
        "i_string_overlong_sequence_2_bytes.json": .invalidUTF8(offset: 2),
        "i_string_overlong_sequence_6_bytes.json": .invalidUTF8(offset: 2),
        "i_string_overlong_sequence_6_bytes_null.json": .invalidUTF8(offset: 2),
        "i_string_truncated-utf-8.json": .invalidUTF8(offset: 2),
        "i_string_UTF-16LE_with_BOM.json": .notUTF8Encoding,
        "i_string_utf16BE_no_BOM.json": .notUTF8Encoding,
        "i_string_utf16LE_no_BOM.json": .notUTF8Encoding,
        "i_structure_500_nested_arrays.json": .tooDeep(offset: 128),
        "i_structure_UTF-8_BOM_empty_object.json": .byteOrderMark,
    ]
}
