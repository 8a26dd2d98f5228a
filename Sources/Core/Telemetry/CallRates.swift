/// How much is going on, on average over the last seconds.
package struct CallRates: Sendable {
    package var callsPerSecond = 0.0
    package var errorsPerSecond = 0.0
}
