// ForwardingTests
