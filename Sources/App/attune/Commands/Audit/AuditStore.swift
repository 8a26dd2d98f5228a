import Assembly
import Audit
import Configuration
import Identity
import Storage

/// The audit log of a configuration, as commands read it.
struct AuditStore {
    let configuration: GatewayConfiguration

    /// - Throws: `storing`, `auditing`.
    func reading<Result>(
        _ body: (any OrderedReader) throws(AuditFailure) -> Result
    ) throws(CommandFailure) -> Result {
        let outcome: Swift.Result<Result, AuditFailure>
        do throws(StorageError) {
            outcome = try DataStore.core.reading(configuration) { reader throws(StorageError) in
                do throws(AuditFailure) { return .success(try body(reader)) } catch { return .failure(error) }
            }
        } catch {
            throw .storing(error)
        }
        do throws(AuditFailure) { return try outcome.get() } catch { throw .auditing(error) }
    }

    /// What the gateway set down outside of its store until now.
    func evidence() throws(CommandFailure) -> AuditEvidence {
        do throws(AuditFailure) {
            return try AuditWitness(AuditPlaces(configuration).witness).evidence()
        } catch {
            throw .auditing(error)
        }
    }

    /// The key that the gateway signs with, read as the gateway reads it.
    func key() throws(CommandFailure) -> AuditKey {
        let path = AuditPlaces(configuration).key
        let text = String(decoding: try InputFile.read(path), as: UTF8.self)
        do throws(KeyText.Fault) {
            guard let key = AuditKey(text: try KeyText.keys(text)[0].text) else { throw .noKey }
            return key
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }
}
