import Foundation

extension ClientFileReader {
    /// The files of all sources, each once.
    ///
    /// When every client is asked, a file that cannot be read is a notice and hinders no other; a file or
    /// client that was named must be readable.
    func read(_ sources: [ImportSource], notices: inout [Diagnostic]) throws(ImportFailure) -> [ClientFile] {
        var files: [ClientFile] = []
        var looked: [String] = []
        var seen: Set<String> = []
        func isNew(_ path: String) -> Bool {
            seen.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted
        }
        for source in sources {
            switch source {
            case .file(let path):
                if isNew(path) { files.append(try read(path, as: nil)) }
            case .client(let client):
                for path in places.files(of: client) {
                    looked.append(path)
                    guard FileManager.default.fileExists(atPath: path), isNew(path) else { continue }
                    files.append(try read(path, as: client))
                }
            case .everything:
                for client in ImportClient.allCases {
                    for path in places.files(of: client) {
                        looked.append(path)
                        guard FileManager.default.fileExists(atPath: path), isNew(path) else { continue }
                        do throws(ImportFailure) {
                            files.append(try read(path, as: client))
                        } catch {
                            notices.append(Self.skipped(path, error))
                        }
                    }
                }
            }
        }
        if files.isEmpty, notices.isEmpty { throw .nothingFound(places: looked) }
        return files
    }

    private static func skipped(_ path: String, _ failure: ImportFailure) -> Diagnostic {
        if case .malformed(var diagnostic) = failure {
            diagnostic.message = "the file is left out: " + diagnostic.message
            return diagnostic
        }
        return Diagnostic(severity: .error, file: path, message: "the file is left out: \(failure)")
    }
}
