// A small MCP server for the comparison of gateways: Streamable HTTP without sessions, one thread, one tool
// `echo`.
//
// usage: backend PORT
//
// It serves well-formed requests with a Content-Length and looks no closer at the JSON than it must, so that
// its own cost stays small beside the gateways'.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_REQUEST = 64 * 1024, MAX_EVENTS = 256 };

typedef struct {
    int socket;
    size_t length;
    char bytes[MAX_REQUEST];
} Connection;

typedef struct {
    const char *start;
    size_t length;
} Text;

// The value that follows `key` (given with quotes and colon): a string with its quotes, or a number.
static Text value_of(Text json, const char *key) {
    const char *end = json.start + json.length;
    const char *at = memmem(json.start, json.length, key, strlen(key));
    if (!at) return (Text){NULL, 0};
    at += strlen(key);
    const char *stop = at;
    if (at < end && *at == '"') {
        for (stop++; stop < end && *stop != '"'; stop++)
            if (*stop == '\\') stop++;
        stop++;
    } else {
        while (stop < end && *stop != ',' && *stop != '}') stop++;
    }
    return stop <= end ? (Text){at, (size_t)(stop - at)} : (Text){NULL, 0};
}

static int is(Text text, const char *expected) {
    return text.length == strlen(expected) && memcmp(text.start, expected, text.length) == 0;
}

static void send_all(int socket, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
        if (sent > 0) bytes += sent, length -= (size_t)sent;
    }
}

static void answer(int socket, Text body) {
    static char out[MAX_REQUEST + 1024], json[MAX_REQUEST + 512];
    Text id = value_of(body, "\"id\":"), method = value_of(body, "\"method\":");
    int length = 0;
    if (!id.start) {
        length = snprintf(out, sizeof out, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        return send_all(socket, out, (size_t)length);
    }
    const char *member = "result", *result = "{}";
    static char echo[MAX_REQUEST + 128];
    if (is(method, "\"tools/call\"")) {
        Text text = value_of(body, "\"text\":");
        if (!text.start) text = (Text){"\"\"", 2};
        snprintf(echo, sizeof echo, "{\"content\":[{\"type\":\"text\",\"text\":%.*s}],\"isError\":false}",
                 (int)text.length, text.start);
        result = echo;
    } else if (is(method, "\"initialize\"")) {
        result = "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
                 "\"serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}";
    } else if (is(method, "\"tools/list\"")) {
        result = "{\"tools\":[{\"name\":\"echo\",\"description\":\"Echo the text back.\",\"inputSchema\":"
                 "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}}]}";
    } else if (!is(method, "\"ping\"")) {
        member = "error", result = "{\"code\":-32601,\"message\":\"Method not found\"}";
    }
    int size = snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"%s\":%s}", (int)id.length, id.start,
                        member, result);
    length = snprintf(out, sizeof out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                      size, json);
    send_all(socket, out, (size_t)length);
}

// Answers every whole request; false when the connection is to be closed.
static int serve(Connection *connection) {
    size_t at = 0;
    for (;;) {
        Text rest = {connection->bytes + at, connection->length - at};
        char *end = memmem(rest.start, rest.length, "\r\n\r\n", 4);
        if (!end) break;
        if (memcmp(rest.start, "POST", 4) != 0) {
            static const char refusal[] = "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";
            send_all(connection->socket, refusal, sizeof refusal - 1);
            at += (size_t)(end + 4 - rest.start);
            continue;
        }
        *end = 0;
        const char *field = strcasestr(rest.start, "\r\ncontent-length:");
        *end = '\r';
        if (!field) return 0;
        size_t body = strtoul(field + 17, NULL, 10), head = (size_t)(end + 4 - rest.start);
        if (head + body > sizeof connection->bytes) return 0;
        if (head + body > rest.length) break;
        answer(connection->socket, (Text){end + 4, body});
        at += head + body;
    }
    memmove(connection->bytes, connection->bytes + at, connection->length - at);
    connection->length -= at;
    return connection->length < sizeof connection->bytes;
}

int main(int count, char **arguments) {
    int port = count > 1 ? atoi(arguments[1]) : 19100, on = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) return perror("bind"), 1;
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN}, events[MAX_EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(poll, events, MAX_EVENTS, -1);
        for (int index = 0; index < ready; index++) {
            Connection *connection = events[index].data.ptr;
            if (!connection) {
                int socket;
                while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    connection = malloc(sizeof *connection);
                    connection->socket = socket, connection->length = 0;
                    event.data.ptr = connection;
                    epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
                }
                continue;
            }
            ssize_t got = recv(connection->socket, connection->bytes + connection->length,
                               sizeof connection->bytes - connection->length, 0);
            if (got < 0 && errno == EAGAIN) continue;
            if (got > 0) connection->length += (size_t)got;
            if (got <= 0 || !serve(connection)) close(connection->socket), free(connection);
        }
    }
}
