import Schemas
import Storage
import Wire

/// Reads one input as each thing that an audit log is read from: nothing may trap, what is accepted has one
/// form, what is shown of an entry is JSON, and a proof that was not made does not hold.
///
/// The first byte says which thing it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // Proof: libFuzzer keeps `count` bytes at `data` alive during the call.
    let input = unsafe [UInt8](UnsafeBufferPointer(start: data, count: count))
    guard let kind = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    let text = String(decoding: bytes, as: UTF8.self)
    switch kind % 8 {
    case 0:
        if let head = SignedHead(text: text) { precondition(same(head.text, text), "a head has two forms") }
    case 1:
        guard let proof = InclusionProof(text: text) else { break }
        precondition(same(proof.text, text), "a proof has two forms")
        precondition(
            !proof.holds(for: Kept.verifier) || proof == Kept.proof(Int(clamping: proof.index)),
            "a proof holds that was not made")
    case 2:
        if let key = AuditVerifier(text: text) { precondition(same(key.text, text), "a key has two forms") }
    case 3:
        guard let entry = try? AuditEntry(serializedBytes: bytes) else { break }
        precondition((try? JSONView(validating: AuditRow.json(3, entry))) != nil, "a row is no JSON")
    case 4: for place in 0..<70 { _ = StoredEntry(bytes, at: UInt64(place)) }
    case 5: consistency(bytes)
    case 6: store(MadeLog(bytes))
    default: store(ChangedLog(bytes))
    }
    return 0
}

private func same(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

/// Two sizes, and hashes for a path from the one to the other.
private func consistency(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return }
    let sizes = (UInt64(bytes[0]) % Kept.size, UInt64(bytes[1]) % (Kept.size + 1))
    let rest = bytes.dropFirst(2)
    let path = stride(from: rest.startIndex, to: rest.endIndex - 31, by: 32).compactMap {
        MerkleHash(rest[$0..<$0 + 32])
    }
    let (old, new) = (Kept.root(sizes.0), Kept.root(sizes.1))
    _ = MerkleProof.includes(old, at: sizes.0, size: sizes.1, path: path, root: new)
    _ = MerkleProof.includes(old, at: sizes.0, size: .max - sizes.1, path: path, root: new)
    _ = MerkleProof.extends(old, old: .max - sizes.0, to: new, new: .max, path: path)
    guard MerkleProof.extends(old, old: sizes.0, to: new, new: sizes.1, path: path) else { return }
    precondition(path == Kept.path(from: sizes.0, to: sizes.1), "a consistency proof holds that was not made")
}

/// Everything that reads a log, over a store that somebody else wrote.
private func store(_ log: some FuzzedLog) {
    guard let store = log.store() else { return }
    let reader = AuditReader(store)
    var verification = AuditVerification(store, publicKey: Kept.key.publicKey, AuditEvidence(heads: []))
    let report = try? verification.run()
    if let report, log.isChanged {
        precondition(!report.isSound || report.size < Kept.size, "a log that was changed is sound")
    }
    for filter in [AuditFilter()] {
        _ = try? AuditSearch(store).walk(filter) { place, entry in
            precondition((try? JSONView(validating: AuditRow.json(place, entry))) != nil, "a row is no JSON")
            return true
        }
    }
    _ = try? AuditLedger(reader)
    _ = try? reader.log()
    guard let size = try? reader.size(), let head = try? reader.newestHead() else { return }
    for place in [0, 1, size / 2, size - min(size, 1), head.head.size - min(head.head.size, 1)] {
        _ = try? reader.proof(of: place, in: head)
        _ = try? reader.consistency(from: place, to: size)
        _ = try? reader.consistency(from: place, to: head.head.size)
    }
}
