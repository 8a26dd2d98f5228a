// Unix sockets that carry descriptors, and what a process says of itself to the kernel. Each function
// returns a result of at least 0, or the negative error number. No call waits unless it says so.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The most descriptors in one message; the kernel's own limit is 253.
#define CSHARED_MAX_DESCRIPTORS 16

/// Who has the other end of a connected socket.
typedef struct {
    /// 0 where the process can't be seen from this process's namespace.
    int32_t process;
    uint32_t user;
} cshared_peer;

/// What one receipt brought.
typedef struct {
    int descriptors[CSHARED_MAX_DESCRIPTORS];
    int count;
    /// 1 if the sender passed more than there was room for: those are closed.
    int was_cut;
} cshared_receipt;

/// Listens at a path that nothing has, with mode 0600 from the moment that others can connect.
int cshared_listen(const char *path, int backlog);
/// The next connection: non-blocking, closed on exec.
int cshared_accept(int listener);
/// Connects, and waits for it at most so long; the socket's later calls wait at most so long each.
int cshared_connect(const char *path, uint32_t milliseconds);
int cshared_peer_of(int socket, cshared_peer *peer);
/// Sends bytes, and the descriptors with the first of them; waits only on a socket that waits.
int64_t cshared_send(
    int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count);
/// Receives bytes and descriptors, which are closed on exec; 0 bytes mean that the peer is done.
int64_t cshared_receive(int socket, void *bytes, size_t capacity, cshared_receipt *receipt);
/// A descriptor that polls readable once it was woken.
int cshared_create_wake(void);
int cshared_wake(int descriptor);
/// The same file under a new number, closed on exec.
int cshared_duplicate(int descriptor);
/// Forbids core dumps of this process, and that others of the same user trace it or read its memory.
int cshared_forbid_dumps(void);
/// 1 if the process may be dumped and traced, else 0.
int cshared_allows_dumps(void);
