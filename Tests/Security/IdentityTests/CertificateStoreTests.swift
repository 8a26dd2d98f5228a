import Foundation
import TestSupport
import Testing

@testable import Identity

@Suite("Certificates", .timeLimit(.minutes(1))) struct CertificateStoreTests {
    private static let files = ["ca", "gateway", "learner", "worker"].flatMap { ["\($0).key", "\($0).pem"] }
    private static let day: TimeInterval = 86_400

    private static func run(_ body: (CertificateStore) throws -> Void) throws {
        let folder = try PrivateFolder()
        try withExtendedLifetime(folder) { try body(CertificateStore(directory: "\(folder.path)/tls")) }
    }

    private static func contents(_ store: CertificateStore) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: store.directory)
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, try String(contentsOfFile: "\(store.directory)/\(name)", encoding: .utf8))
            })
    }

    private static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("The first start makes everything, for the owner only, and later ones keep it") func mints() throws
    {
        try Self.run { store in
            let written = try store.prepare()
            #expect(
                written.map { ($0 as NSString).lastPathComponent }
                    == Self.files.filter { $0.hasSuffix("pem") })
            let made = try Self.contents(store)
            #expect(made.keys.sorted() == Self.files)
            let directoryMode = try Self.mode(store.directory)
            #expect(directoryMode == 0o700)
            for name in made.keys {
                let mode = try Self.mode("\(store.directory)/\(name)")
                #expect(mode == 0o600)
            }
            for name in CertificateName.allCases { _ = try TLSIdentity(name, in: store) }
            let again = try store.prepare()
            #expect(again.isEmpty)
            let kept = try Self.contents(store)
            #expect(kept == made)
        }
    }

    @Test("openssl takes the certificates for their names and purposes, and refuses them for others")
    func isTakenByOthers() throws {
        try Self.run { store in
            try store.prepare()
            for name in CertificateName.allCases {
                let arguments = ["verify", "-x509_strict", "-CAfile", store.authorityPath]
                let purpose = name.isServer ? "sslserver" : "sslclient"
                let other = name.isServer ? "sslclient" : "sslserver"
                let path = store.certificatePath(name)
                let host = ["-verify_hostname", name.dnsName]
                #expect(OpenSSL.succeeds(arguments + host + ["-purpose", purpose, path]))
                #expect(!OpenSSL.succeeds(arguments + host + ["-purpose", other, path]))
                #expect(
                    !OpenSSL.succeeds(
                        arguments + ["-verify_hostname", "x.attune.internal", "-purpose", purpose, path]))
            }
        }
    }

    @Test("What a start that was cut short has left is completed, with the keys that are there")
    func completes() throws {
        try Self.run { store in
            try store.prepare()
            let made = try Self.contents(store)
            for missing in ["worker.pem", "gateway.pem"] {
                try FileManager.default.removeItem(atPath: "\(store.directory)/\(missing)")
            }
            try FileManager.default.removeItem(atPath: "\(store.directory)/gateway.key")
            let written = try store.prepare()
            #expect(written == [store.certificatePath(.gateway), store.certificatePath(.worker)])
            let completed = try Self.contents(store)
            #expect(completed["worker.key"] == made["worker.key"])
            for name in CertificateName.allCases { _ = try TLSIdentity(name, in: store) }
        }
    }

    @Test("Ten years later, less 30 days, certificates are renewed for the same keys") func renews() throws {
        try Self.run { store in
            let now = Date()
            try store.prepare(at: now)
            let made = try Self.contents(store)
            let early = try store.prepare(at: now + 3600 * Self.day)
            #expect(early.isEmpty)
            let late = now + 3630 * Self.day
            let written = try store.prepare(at: late)
            #expect(written.count == 4)
            let renewed = try Self.contents(store)
            for (name, text) in made { #expect((renewed[name] == text) == name.hasSuffix(".key")) }
            for name in CertificateName.allCases {
                _ = try TLSIdentity(name, in: store, at: late + 3000 * Self.day)
            }
        }
    }

    @Test("An operator's own authority and certificates are used as they are, and never renewed")
    func keepsOperators() throws {
        try Self.run { store in
            try Self.writeOperators(store)
            let own = try Self.contents(store)
            let written = try store.prepare()
            #expect(written.isEmpty)
            let kept = try Self.contents(store)
            #expect(kept == own)
            for name in CertificateName.allCases { _ = try TLSIdentity(name, in: store) }
        }
    }

    @Test("An operator's certificate is kept beside those made here, and found out if it fits nothing")
    func findsMisfits() throws {
        try Self.run { store in
            try store.prepare()
            let (path, key) = (store.certificatePath(.learner), store.keyPath(.learner))
            try Self.run { other in
                try Self.writeOperators(other)
                try Self.copy(other.certificatePath(.learner), to: path)
                #expect(throws: CertificateFault.otherKey(certificate: path, key: key)) {
                    try TLSIdentity(.learner, in: store)
                }
                try Self.copy(other.keyPath(.learner), to: key)
            }
            let written = try store.prepare()
            #expect(written.isEmpty)
            #expect(throws: CertificateFault.otherAuthority(path: path, authority: store.authorityPath)) {
                try TLSIdentity(.learner, in: store)
            }
        }
    }

    @Test("Expired, early and misnamed certificates are told apart") func tellsFaults() throws {
        try Self.run { store in
            let now = Date()
            try store.prepare(at: now)
            let path = store.certificatePath(.worker)
            #expect {
                try TLSIdentity(.worker, in: store, at: now + 3651 * Self.day)
            } throws: { error in
                guard
                    case CertificateFault.expired(path: path, since: let since)? = error as? CertificateFault
                else { return false }
                return abs(since.timeIntervalSince(now + 3650 * Self.day)) < 2
            }
            #expect {
                try TLSIdentity(.worker, in: store, at: now - Self.day)
            } throws: { error in
                if case CertificateFault.notYetValid(path: path, until: _)? = error as? CertificateFault {
                    true
                } else {
                    false
                }
            }
            try Self.copy(store.certificatePath(.learner), to: path)
            try Self.copy(store.keyPath(.learner), to: store.keyPath(.worker))
            #expect(throws: CertificateFault.otherName(path: path, expected: "worker.attune.internal")) {
                try TLSIdentity(.worker, in: store)
            }
        }
    }

    @Test("Files that hold something else, are open to others, or lack a part are named")
    func namesFiles() throws {
        try Self.run { store in
            try store.prepare()
            let (path, key) = (store.certificatePath(.worker), store.keyPath(.worker))
            func expect(_ fault: CertificateFault) {
                #expect(throws: fault) { try TLSIdentity(.worker, in: store) }
                #expect("\(fault)".contains(store.directory))
            }
            let good = try Self.contents(store)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
            expect(.notPrivate(path: key, mode: 0o640))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
            try Self.write("garbage", to: key)
            expect(.notAKey(path: key))
            try Self.write(String(repeating: "a", count: 256 * 1024 + 1), to: key)
            expect(.tooLong(path: key))
            try FileManager.default.removeItem(atPath: key)
            expect(.missing(path: key))
            try Self.write(good["worker.key"] ?? "", to: key)
            try Self.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: path)
            expect(.notACertificate(path: path))
            #expect(throws: CertificateFault.notACertificate(path: path)) { try store.prepare() }
            try FileManager.default.removeItem(atPath: "\(store.directory)/ca.key")
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: CertificateFault.missing(path: path)) { try store.prepare() }
            try FileManager.default.removeItem(atPath: store.authorityPath)
            #expect(throws: CertificateFault.missing(path: store.authorityPath)) { try store.prepare() }
        }
    }

    @Test("A directory that others may write to is refused") func refusesOpenDirectory() throws {
        try Self.run { store in
            try store.prepare()
            try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: store.directory)
            #expect(throws: CertificateFault.notPrivate(path: store.directory, mode: 0o770)) {
                try store.prepare()
            }
        }
    }

    @Test("Files and the directory may lie behind symbolic links, and are judged by what these lead to")
    func followsLinks() throws {
        let folder = try PrivateFolder()
        defer { withExtendedLifetime(folder) {} }
        let (place, link) = ("\(folder.path)/secrets", "\(folder.path)/tls")
        try CertificateStore(directory: place).prepare()
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place)
        let key = "\(place)/learner.key"
        try FileManager.default.moveItem(atPath: key, toPath: "\(folder.path)/key")
        try FileManager.default.createSymbolicLink(atPath: key, withDestinationPath: "\(folder.path)/key")
        let store = CertificateStore(directory: link)
        #expect(try store.prepare() == [])
        _ = try TLSIdentity(.learner, in: store)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640], ofItemAtPath: "\(folder.path)/key")
        #expect(throws: CertificateFault.notPrivate(path: store.keyPath(.learner), mode: 0o640)) {
            try TLSIdentity(.learner, in: store)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: place)
        #expect(throws: CertificateFault.notPrivate(path: link, mode: 0o770)) { try store.prepare() }
    }

    @Test("Gateways that start at once agree on one authority") func agrees() async throws {
        let folder = try PrivateFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = CertificateStore(directory: "\(folder.path)/tls")
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { _ = try store.prepare() } }
            try await group.waitForAll()
        }
        for name in CertificateName.allCases { _ = try TLSIdentity(name, in: store) }
        let files = try Self.contents(store).keys.sorted()
        #expect(files == Self.files)
    }

    /// Certificates, valid for 20 days, of an authority whose key is kept elsewhere.
    private static func writeOperators(_ store: CertificateStore) throws {
        let folder = try PrivateFolder()
        try withExtendedLifetime(folder) {
            try FileManager.default.createDirectory(
                atPath: store.directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try OpenSSL.makeAuthority("\(folder.path)/ca", days: 20)
            try copy("\(folder.path)/ca.pem", to: store.authorityPath)
            for name in CertificateName.allCases {
                try OpenSSL.makeCertificate(
                    "\(store.directory)/\(name)", names: "DNS:\(name.dnsName)",
                    signedBy: "\(folder.path)/ca", days: 20)
            }
        }
    }

    private static func copy(_ path: String, to other: String) throws {
        try write(try String(contentsOfFile: path, encoding: .utf8), to: other)
    }

    private static func write(_ text: String, to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}
