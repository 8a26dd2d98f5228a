/// Some calls, the newest first.
package struct CallPage: Sendable {
    package var calls: [CallRecord]
    /// Where older calls begin; nil if there are none.
    package var next: CallCursor?
}
