/// Why the keys of sealed stores can't be had.
public enum KeyFault: Error, Equatable, Sendable {
    /// The key ring was made for another key.
    case wrong(ring: String, expected: String, found: [String])
    /// The key ring is there, its key is not.
    case missingKey(path: String, ring: String)
    /// There is sealed data, and no key ring.
    case missingRing(path: String, store: String)
    /// The store's values are sealed with a data key that the ring, an old copy, lacks.
    case oldRing(store: String, epoch: UInt32)
    case damagedRing(path: String)
    case fullRing(path: String, limit: Int)
    /// Others may read the file of the key.
    case exposed(path: String, mode: UInt16)
    case foreignOwner(path: String, user: UInt32)
    /// The configured source gives no key, or something else.
    case unusable(source: String, reason: String)
    case unwritable(path: String, errno: Int32)
    /// The gateway has not made or handed over its keys yet.
    case awaited
}

extension KeyFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrong(let ring, let expected, let found):
            "the key is wrong: \(ring) was made for key \(expected), and [persistence] key gives "
                + found.joined(separator: ", ")
        case .missingKey(let path, let ring):
            "the key file \(path) is not there, and \(ring) was made for it"
        case .missingRing(let path, let store):
            "the key ring \(path) is not there, and the values of \(store) are sealed"
        case .oldRing(let store, let epoch):
            "the key ring is older than \(store), whose values are sealed with a data key of epoch \(epoch)"
        case .damagedRing(let path): "the key ring \(path) is damaged"
        case .fullRing(let path, let limit):
            "the key ring \(path) has \(limit) data keys, as many as it holds"
        case .exposed(let path, let mode):
            "the key file \(path) may be read by others (mode 0\(String(mode, radix: 8)))"
        case .foreignOwner(let path, let user): "the key file \(path) belongs to another user (\(user))"
        case .unusable(let source, let reason): "[persistence] key, \(source): \(reason)"
        case .unwritable(let path, let errno): "\(path) can't be written (errno \(errno))"
        case .awaited: "the gateway has not handed over its keys yet"
        }
    }

    /// What an operator does about it.
    public var next: String {
        switch self {
        case .wrong: "give the key that the data was written with in [persistence] key"
        case .missingKey, .missingRing:
            "bring it back from where you keep it: without it nobody can read the data; or move the data away"
        case .oldRing: "bring back the latest copy of the key ring"
        case .damagedRing: "bring back a copy of it, such as a checkpoint's keys/data.keys"
        case .fullRing: "move the data away with its key ring, and begin anew"
        case .exposed(let path, _): "chmod 600 \(path), and think of who may have read it"
        case .foreignOwner(let path, _): "chown it to the user that runs the gateway, or check \(path)"
        case .unusable: "give 32 bytes as 64 hexadecimal digits, as `openssl rand -hex 32` prints them"
        case .awaited: "start the gateway, which makes them"
        case .unwritable: "check the disk and the permissions of the directory"
        }
    }
}
