import Configuration
import Foundation
import Identity
import Sealing
import Storage

/// Makes the keys of a data directory before a gateway does.
package struct KeySetup {
    package struct Report {
        package var isNew: Bool
        package var ringPath: String
        /// Where the key-encryption key comes from, and its id.
        package var keyText: String
        package var keyID: String
        package var epoch: UInt32
        /// Stores whose values are to be sealed at the next start.
        package var adopts: [String]
    }

    private let configuration: GatewayConfiguration
    private let file: KeyRingFile
    private let source: KeySource
    private let environment: [String: String]

    package init(_ configuration: GatewayConfiguration, environment: [String: String]) {
        var configuration = configuration
        // Who makes keys is about to use them.
        configuration.persistence.encrypt = true
        self.configuration = configuration
        self.environment = environment
        file = KeyRingFile(configuration)
        source = KeySource(configuration, environment: environment)
    }

    /// - Parameter adopts: whether stores that were written without keys since there are some are to be
    ///   sealed.
    package func run(adopts: Bool) throws(KeyFault) -> Report {
        let isNew = !file.isThere
        _ = try StoreKeys(configuration, environment: environment, creates: true).sealing()
        let (ring, key) = try file.locked { () throws(KeyFault) in
            let keys = try source.keys(creates: false)
            var (ring, index) = try file.open(with: keys)
            if adopts, !isNew {
                ring.adopts.formUnion(try DataStore.unsealed(configuration, expectsSealed: true))
                try file.write(ring, under: keys[0])
                index = 0
            }
            return (ring, keys[index])
        }
        return Report(
            isNew: isNew, ringPath: file.path, keyText: source.text, keyID: KeyEncryptionKey(key).id,
            epoch: ring.current.epoch, adopts: ring.adopts.sorted())
    }
}
