import Glibc

/// Runs closures on threads of their own and waits for all of them.
enum Threads {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func run(_ bodies: [@Sendable () -> Void]) {
        let threads = bodies.map { body in
            var thread = pthread_t()
            // Proof: the thread takes back exactly the reference that it is passed.
            let passed = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
            let code = unsafe pthread_create(
                &thread, nil,
                { argument in
                    // Proof: as above.
                    guard let argument = unsafe argument else { return nil }
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, passed)
            precondition(code == 0, "no thread could be made")
            return thread
        }
        for thread in threads { _ = pthread_join(thread, nil) }
    }
}
