import FoundationEssentials
import Glibc

/// The small process that outlives the gateway for a moment and ends what it left behind.
enum LifelineGuard {
    /// Its name on process lists: `argv[0]`, and the kernel's name, which holds 15 bytes.
    static let processName = "mcp-lifeline"

    /// How often, at most, the marked processes are looked for; with `pause`, about ten seconds.
    private static let maxRounds = 400
    private static let pauseMicroseconds: UInt32 = 25_000
    /// Rounds from SIGTERM to SIGKILL: about one second.
    private static let politeRounds = 40
    /// Rounds in a row that must find nothing. A server that the gateway was just starting carries the token
    /// from its exec on, so a single look may come too early; and a search may miss what is forked during it.
    private static let quietRounds = 12

    /// Says on standard output that it is ready, waits until standard input ends, then sweeps.
    ///
    /// - Returns: see `sweep`.
    static func run(_ token: LifelineToken) -> Bool {
        try? Data(processName.utf8).write(to: URL(filePath: "/proc/self/comm"))
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGTTIN, SIGTTOU] {
            Glibc.signal(signal, SIG_IGN)
        }
        sayReady()
        waitForEnd()
        return sweep(token)
    }

    /// Ends every process that carries the token, this one aside: SIGTERM, and SIGKILL after a second.
    ///
    /// - Returns: false when some were left after the last round.
    static func sweep(_ token: LifelineToken) -> Bool {
        let own = getpid()
        var asked: Set<Int32> = []
        var quiet = 0
        for round in 0..<maxRounds {
            let found = ProcessTable.carrying(token.entry).filter { $0 != own }
            quiet = found.isEmpty ? quiet + 1 : 0
            if quiet == quietRounds { return true }
            for process in found {
                if round >= politeRounds {
                    kill(process, SIGKILL)
                } else if asked.insert(process).inserted {
                    kill(process, SIGTERM)
                }
            }
            usleep(pauseMicroseconds)
        }
        return false
    }

    private static func sayReady() {
        var byte = UInt8(ascii: "\n")
        // Proof: `write` reads one byte, from a variable of one byte.
        _ = unsafe write(STDOUT_FILENO, &byte, 1)
    }

    private static func waitForEnd() {
        var byte: UInt8 = 0
        // Proof: `read` writes at most one byte, into a variable of one byte.
        while unsafe read(STDIN_FILENO, &byte, 1) > 0 || errno == EINTR { errno = 0 }
    }
}
