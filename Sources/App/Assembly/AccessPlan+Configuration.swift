import Configuration
import Forwarding
import Identifiers
import Identity
import Routing

extension AccessPlan {
    init(_ security: SecurityConfiguration) {
        let keys = security.keys.compactMap { key in
            KeyHash(key.hash.value).map { (hash: $0, principal: Principal(key.principal)) }
        }
        self.init(
            authenticator: security.keys.isEmpty ? nil : StaticKeys(keys),
            rules: security.rules.map { AccessRule($0) },
            localPrincipal: Principal(security.localPrincipal))
    }
}

extension AccessRule {
    fileprivate init(_ rule: AccessRuleConfiguration) {
        self.init(
            principals: rule.principals.map { Glob($0) }, servers: ToolFilter(rule.servers),
            tools: ToolFilter(rule.tools), profiles: ToolFilter(rule.profiles),
            limits: CallLimits(concurrency: rule.maxConcurrency, rate: rule.rate, burst: rule.burst))
    }
}

extension ToolFilter {
    fileprivate init(_ names: AccessRuleConfiguration.Names) {
        self.init(allow: names.allow.map { Glob($0) }, deny: names.deny.map { Glob($0) })
    }
}
