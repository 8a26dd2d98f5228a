import Crypto
import Storage
import Synchronization

/// Seals and opens the values of one store with AES-256-GCM, each bound to its place.
///
/// No key sees a nonce twice. Each time a store is opened for writing, and again with each new data key, a
/// run begins: 96 random bits, from which HKDF-SHA256 (RFC 5869) derives a key of its own from the data key,
/// the run and the store's purpose; within a run a nonce is the value's number, which counts up in memory. A
/// crash forgets the number and the run with it, so nothing has to be kept. Two of n runs of one data key are
/// the same with a probability below n² / 2^97: with a million runs 2^-57, below the 2^-32 that NIST
/// SP 800-38D (section 8) asks for. A run has 2^64 numbers, so the number of values per data key has no
/// bound that a program reaches.
///
/// The tag covers the header, the store's purpose, the column family and the key, so a value that is put
/// elsewhere does not open.
final class RecordSealer: Sendable {
    private struct RunID: Hashable {
        var epoch: UInt32
        var keyID: [UInt8]
        var run: [UInt8]
    }

    private struct Run {
        var dataKey: DataKey
        var id: [UInt8]
        var key: SymmetricKey
        var next: UInt64
    }

    private struct State {
        /// None before the first value is sealed.
        var run: Run?
        var opened: [RunID: SymmetricKey] = [:]
    }

    /// Keys of runs that are remembered, so that a value costs no derivation; all are forgotten when it is
    /// full.
    private static let mostRuns = 256
    private static let label = Array("attune record 1 ".utf8)
    private static let nonceLength = 12

    let keys: SealingKeys
    private let purpose: [UInt8]
    private let state = Mutex(State())

    init(_ keys: SealingKeys, purpose: String) {
        self.keys = keys
        self.purpose = Array(purpose.utf8)
    }

    // MARK: Sealing

    /// - Complexity: linear in the value; about a microsecond for a short one.
    func seal(_ value: [UInt8], _ key: [UInt8], _ family: Family) -> [UInt8] {
        var turn = turn(1)
        return seal(value, key, family, &turn)
    }

    /// Numbers of the run for so many values, which are then sealed without a lock.
    func turn(_ count: Int) -> SealingTurn {
        let current = keys.current
        return state.withLock { state in
            var run = state.run ?? begin(current)
            if run.dataKey != current || run.next > .max - UInt64(count) { run = begin(current) }
            let turn = SealingTurn(run.dataKey, run: run.id, key: run.key, numbers: run.next, count: count)
            run.next += UInt64(count)
            state.run = run
            return turn
        }
    }

    /// - Parameter turn: with a number left.
    func seal(_ value: [UInt8], _ key: [UInt8], _ family: Family, _ turn: inout SealingTurn) -> [UInt8] {
        let number = turn.takeNumber()
        var record: [UInt8] = []
        record.reserveCapacity(RecordHeader.addedBytes + value.count)
        record += turn.header
        // Proof: the bytes are copied within the closure.
        unsafe withUnsafeBytes(of: number.littleEndian) { bytes in unsafe record.append(contentsOf: bytes) }
        guard let nonce = try? AES.GCM.Nonce(data: Self.nonce(number)),
            let box = try? AES.GCM.seal(
                value, using: turn.key, nonce: nonce, authenticating: bound(record[...], key, family)),
            let sealed = box.combined
        else { preconditionFailure("AES-256-GCM seals any value of less than 64 GiB") }
        // Proof: as above.
        unsafe sealed.withUnsafeBytes { bytes in
            // Ciphertext and tag stand behind the nonce.
            unsafe record.append(contentsOf: bytes.dropFirst(Self.nonceLength))
        }
        return record
    }

    private func begin(_ dataKey: DataKey) -> Run {
        var generator = SystemRandomNumberGenerator()
        let id = (0..<RecordHeader.runLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Run(dataKey: dataKey, id: id, key: derive(dataKey, id[...]), next: 0)
    }

    private static func nonce(_ number: UInt64) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: nonceLength)
        for index in 0..<8 { nonce[4 + index] = UInt8(truncatingIfNeeded: number >> (UInt64(index) * 8)) }
        return nonce
    }

    // MARK: Opening

    /// - Throws: `corrupt` with the place, if the value isn't what was sealed there.
    func open(_ record: [UInt8], _ key: [UInt8], _ family: Family) throws(StorageError) -> [UInt8] {
        guard let header = RecordHeader(record) else {
            throw Self.corrupt("the value is not sealed", key, family)
        }
        guard let secret = secret(header) else {
            let name = "\(header.epoch) (\(KeyIdentity.text(header.keyID)))"
            throw Self.corrupt(
                "the value is sealed with data key \(name), which the key ring lacks", key, family)
        }
        let end = record.count - RecordHeader.tagLength
        guard let nonce = try? AES.GCM.Nonce(data: Self.nonce(header.number)),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: record[RecordHeader.length..<end], tag: record[end...]),
            let value = try? AES.GCM.open(
                box, using: secret,
                authenticating: bound(record.prefix(RecordHeader.length), key, family))
        else { throw Self.corrupt("the value is not what was sealed there", key, family) }
        return Array(value)
    }

    private func secret(_ header: RecordHeader) -> SymmetricKey? {
        let run = RunID(epoch: header.epoch, keyID: Array(header.keyID), run: Array(header.run))
        if let known = state.withLock({ $0.opened[run] }) { return known }
        guard let dataKey = keys.key(epoch: header.epoch, id: header.keyID) else { return nil }
        let secret = derive(dataKey, header.run)
        state.withLock { state in
            if state.opened.count >= Self.mostRuns { state.opened.removeAll(keepingCapacity: true) }
            state.opened[run] = secret
        }
        return secret
    }

    private static func corrupt(_ reason: String, _ key: [UInt8], _ family: Family) -> StorageError {
        let shown = KeyIdentity.text(key.prefix(32)) + (key.count > 32 ? "…" : "")
        return .corrupt(.read, detail: "column family \(family.name), key \(shown): \(reason)")
    }

    // MARK: Both

    private func derive(_ dataKey: DataKey, _ run: ArraySlice<UInt8>) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: dataKey.secret, salt: Array(run), info: Self.label + purpose,
            outputByteCount: DataKey.length)
    }

    private func bound(_ header: ArraySlice<UInt8>, _ key: [UInt8], _ family: Family) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(header.count + purpose.count + family.name.utf8.count + key.count + 2)
        bytes += header
        bytes.append(UInt8(truncatingIfNeeded: purpose.count))
        bytes += purpose
        bytes.append(UInt8(truncatingIfNeeded: family.name.utf8.count))
        bytes += family.name.utf8
        bytes += key
        return bytes
    }
}
