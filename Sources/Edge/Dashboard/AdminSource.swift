import MetricHistory

/// What the admin interface asks the gateway. Called on any thread; nothing here blocks.
///
/// `deliver` is called once, on any thread, at once or soon; an answer that takes longer than
/// `PendingAnswer.patience` is given up.
package protocol AdminSource: AnyObject, Sendable {
    /// How the gateway is, right now.
    func status() -> GatewayStatus
    /// What the gateway's memory is divided into, and how full the parts are.
    func memory() -> MemoryReport
    /// What goes on, and how the learner keeps up.
    func top(_ deliver: @escaping @Sendable (TopReport) -> Void)
    /// What the learner has found in the calls so far.
    func patterns(_ deliver: @escaping @Sendable (LearnedPatterns) -> Void)
    /// In the order of the configuration.
    func servers(_ deliver: @escaping @Sendable ([ServerRow]) -> Void)
    /// The tools of `/mcp`, in the order in which clients see them.
    func tools(_ deliver: @escaping @Sendable ([ListedTool]) -> Void)
    func sessions(_ deliver: @escaping @Sendable ([SessionRow]) -> Void)
    /// In the order of their names; what the learner has kept, as it was up to two seconds ago; nil if
    /// too many ask.
    func models(_ deliver: @escaping @Sendable ([ModelRow]?) -> Void)
    /// The entries of the audit log that match, by names such as `kind` and `tool`, the newest first.
    /// - Parameter place: only those before it; nil for all.
    func audit(
        _ words: [String: String], before place: UInt64?, limit: Int,
        _ deliver: @escaping @Sendable (AuditPage) -> Void)
    /// Takes note of what an operator did by a command; false where no audit log is kept.
    func note(_ act: ReportedAct) -> ReportedAct.Receipt
    /// What the history of metrics says; nothing while it can't be read.
    func metrics(_ query: MetricQuery, _ deliver: @escaping @Sendable (MetricAnswer?) -> Void)
    /// Of what there is a history; nothing while it can't be read.
    func metricSeries(_ deliver: @escaping @Sendable ([MetricSeries]?) -> Void)
    /// Loads the configuration anew and puts it to use, or leaves everything as it is.
    func reload(_ deliver: @escaping @Sendable (ReloadOutcome) -> Void)
    /// Does something with the gateway's own store, which may take minutes.
    func tend(_ task: StoreTask, _ deliver: @escaping @Sendable (StoreTask.Outcome) -> Void)
}
