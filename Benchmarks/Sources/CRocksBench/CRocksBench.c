#include "CRocksBench.h"

#include <pthread.h>
#include <rocksdb/c.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct work {
    rocksdb_t *database;
    rocksdb_writeoptions_t *options;
    int thread, writes, value_bytes, failed;
    uint64_t *nanoseconds;
};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void *run(void *argument) {
    struct work *work = argument;
    char *value = malloc((size_t)work->value_bytes);
    // Half of it repeats, so that compression has something to do.
    for (int i = 0; i < work->value_bytes; i++) value[i] = (char)(i % 2 ? 7 : i * 31 + work->thread);
    for (int i = 0; i < work->writes; i++) {
        unsigned char key[9] = {(unsigned char)work->thread};
        for (int byte = 0; byte < 8; byte++) key[1 + byte] = (unsigned char)((uint64_t)i >> (56 - 8 * byte));
        char *error = NULL;
        uint64_t start = now();
        rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
        rocksdb_writebatch_put(batch, (const char *)key, sizeof key, value, (size_t)work->value_bytes);
        rocksdb_write(work->database, work->options, batch, &error);
        rocksdb_writebatch_destroy(batch);
        work->nanoseconds[i] = now() - start;
        if (error) {
            rocksdb_free(error);
            work->failed = 1;
            break;
        }
    }
    free(value);
    return NULL;
}

uint64_t crocks_bench(const char *directory, int threads, int writes, int value_bytes, int synced,
                      uint64_t *nanoseconds) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_compression(options, rocksdb_lz4_compression);
    rocksdb_options_set_write_buffer_size(options, 16 << 20);
    rocksdb_options_set_max_write_buffer_number(options, 3);
    rocksdb_options_set_max_total_wal_size(options, 64 << 20);
    rocksdb_options_set_max_background_jobs(options, 2);
    rocksdb_options_set_bytes_per_sync(options, 1 << 20);
    char *error = NULL;
    rocksdb_t *database = rocksdb_open(options, directory, &error);
    rocksdb_options_destroy(options);
    if (error) {
        rocksdb_free(error);
        return 0;
    }
    rocksdb_writeoptions_t *writing = rocksdb_writeoptions_create();
    rocksdb_writeoptions_set_sync(writing, (unsigned char)synced);
    struct work *works = calloc((size_t)threads, sizeof *works);
    pthread_t *ids = calloc((size_t)threads, sizeof *ids);
    uint64_t start = now();
    for (int i = 0; i < threads; i++) {
        uint64_t *own = nanoseconds + (size_t)i * writes;
        works[i] = (struct work){database, writing, i, writes, value_bytes, 0, own};
        pthread_create(&ids[i], NULL, run, &works[i]);
    }
    int failed = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        failed |= works[i].failed;
    }
    uint64_t spent = now() - start;
    free(works);
    free(ids);
    rocksdb_writeoptions_destroy(writing);
    rocksdb_close(database);
    return failed ? 0 : spent;
}
