#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "cshared_descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int negative(int result) { return result < 0 ? -errno : result; }

// Closes on the way out of a failure, whose error number stays.
static int closing(int descriptor, int error) {
    close(descriptor);
    return error;
}

static int address_of(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    memset(address, 0, sizeof *address);
    if (length == 0 || length >= sizeof address->sun_path) return -ENAMETOOLONG;
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    return 0;
}

int cshared_listen(const char *path, int backlog) {
    struct sockaddr_un address;
    int error = address_of(path, &address);
    if (error < 0) return error;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) return -errno;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) return closing(listener, -errno);
    // Nobody can connect before listen, so the mode that bind gave was never of use.
    if (chmod(path, S_IRUSR | S_IWUSR) < 0 || listen(listener, backlog) < 0) {
        error = -errno;
        unlink(path);
        return closing(listener, error);
    }
    return listener;
}

int cshared_accept(int listener) {
    return negative(accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

int cshared_connect(const char *path, uint32_t milliseconds) {
    struct sockaddr_un address;
    int error = address_of(path, &address);
    if (error < 0) return error;
    int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return -errno;
    struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    // The limit of sending is that of connecting too, which waits while the backlog is full.
    if (setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0
        || setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0
        || connect(made, (struct sockaddr *)&address, sizeof address) < 0) {
        return closing(made, -errno);
    }
    return made;
}

int cshared_peer_of(int socket, cshared_peer *peer) {
    struct ucred found;
    socklen_t length = sizeof found;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &found, &length) < 0) return -errno;
    peer->process = found.pid;
    peer->user = found.uid;
    return 0;
}

int64_t cshared_send(
    int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count) {
    if (descriptor_count < 0 || descriptor_count > CSHARED_MAX_DESCRIPTORS) return -EINVAL;
    union {
        char space[CMSG_SPACE(sizeof(int) * CSHARED_MAX_DESCRIPTORS)];
        struct cmsghdr aligned;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec piece = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (descriptor_count > 0) {
        size_t length = sizeof(int) * (size_t)descriptor_count;
        message.msg_control = control.space;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(head), descriptors, length);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

static void keep(const struct cmsghdr *head, cshared_receipt *receipt) {
    size_t length = head->cmsg_len < CMSG_LEN(0) ? 0 : head->cmsg_len - CMSG_LEN(0);
    for (size_t index = 0; index < length / sizeof(int); index++) {
        int descriptor;
        memcpy(&descriptor, CMSG_DATA(head) + index * sizeof(int), sizeof descriptor);
        if (receipt->count < CSHARED_MAX_DESCRIPTORS) {
            receipt->descriptors[receipt->count++] = descriptor;
        } else {
            receipt->was_cut = 1;
            close(descriptor);
        }
    }
}

int64_t cshared_receive(int socket, void *bytes, size_t capacity, cshared_receipt *receipt) {
    union {
        char space[CMSG_SPACE(sizeof(int) * CSHARED_MAX_DESCRIPTORS)];
        struct cmsghdr aligned;
    } control;
    struct iovec piece = {.iov_base = bytes, .iov_len = capacity};
    struct msghdr message = {
        .msg_iov = &piece,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space};
    receipt->count = 0;
    receipt->was_cut = 0;
    ssize_t received;
    do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    receipt->was_cut = (message.msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) keep(head, receipt);
    }
    return received;
}

int cshared_create_wake(void) { return negative(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int cshared_wake(int descriptor) { return negative(eventfd_write(descriptor, 1)); }

int cshared_duplicate(int descriptor) { return negative(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

int cshared_forbid_dumps(void) {
    // What is called at a crash to look into this process would never get to see it, and never return.
    static const int crashes[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
    enum { count = sizeof crashes / sizeof crashes[0] };
    for (size_t index = 0; index < count; index++) signal(crashes[index], SIG_DFL);
    return negative(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

int cshared_allows_dumps(void) { return negative(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)); }
