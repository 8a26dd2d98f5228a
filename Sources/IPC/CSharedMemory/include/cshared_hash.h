// XXH64 (xxHash by Yann Collet, specification 0.1.1) and the checksum of an observation record.
#pragma once

#include "cshared_inline.h"

#if !CSHARED_BODIES
CSHARED_FUNCTION uint64_t cshared_xxh64(const void *bytes, size_t count, uint64_t seed);
CSHARED_FUNCTION uint32_t cshared_record_checksum(const uint64_t words[16]);
#else

#include <string.h>

static const uint64_t cshared_xxh64_prime1 = 0x9E3779B185EBCA87;
static const uint64_t cshared_xxh64_prime2 = 0xC2B2AE3D27D4EB4F;
static const uint64_t cshared_xxh64_prime3 = 0x165667B19E3779F9;
static const uint64_t cshared_xxh64_prime4 = 0x85EBCA77C2B2AE63;
static const uint64_t cshared_xxh64_prime5 = 0x27D4EB2F165667C5;

static inline uint64_t cshared_rotate(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

static inline uint64_t cshared_load64(const uint8_t *from) {
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint32_t cshared_load32(const uint8_t *from) {
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint64_t cshared_xxh64_round(uint64_t lane, uint64_t input) {
    return cshared_rotate(lane + input * cshared_xxh64_prime2, 31) * cshared_xxh64_prime1;
}

static inline uint64_t cshared_xxh64_merge(uint64_t hash, uint64_t lane) {
    return (hash ^ cshared_xxh64_round(0, lane)) * cshared_xxh64_prime1 + cshared_xxh64_prime4;
}

// The last 0 to 31 bytes, and the avalanche.
static inline uint64_t cshared_xxh64_finish(uint64_t hash, const uint8_t *at, size_t rest) {
    for (; rest >= 8; rest -= 8, at += 8) {
        hash ^= cshared_xxh64_round(0, cshared_load64(at));
        hash = cshared_rotate(hash, 27) * cshared_xxh64_prime1 + cshared_xxh64_prime4;
    }
    if (rest >= 4) {
        hash ^= cshared_load32(at) * cshared_xxh64_prime1;
        hash = cshared_rotate(hash, 23) * cshared_xxh64_prime2 + cshared_xxh64_prime3;
        at += 4;
        rest -= 4;
    }
    for (; rest > 0; rest--, at++) {
        hash ^= *at * cshared_xxh64_prime5;
        hash = cshared_rotate(hash, 11) * cshared_xxh64_prime1;
    }
    hash = (hash ^ hash >> 33) * cshared_xxh64_prime2;
    hash = (hash ^ hash >> 29) * cshared_xxh64_prime3;
    return hash ^ hash >> 32;
}

CSHARED_FUNCTION uint64_t cshared_xxh64(const void *bytes, size_t count, uint64_t seed) {
    const uint8_t *at = (const uint8_t *)bytes;
    size_t rest = count;
    uint64_t hash = seed + cshared_xxh64_prime5;
    if (rest >= 32) {
        uint64_t lane1 = seed + cshared_xxh64_prime1 + cshared_xxh64_prime2;
        uint64_t lane2 = seed + cshared_xxh64_prime2;
        uint64_t lane3 = seed;
        uint64_t lane4 = seed - cshared_xxh64_prime1;
        for (; rest >= 32; rest -= 32, at += 32) {
            lane1 = cshared_xxh64_round(lane1, cshared_load64(at));
            lane2 = cshared_xxh64_round(lane2, cshared_load64(at + 8));
            lane3 = cshared_xxh64_round(lane3, cshared_load64(at + 16));
            lane4 = cshared_xxh64_round(lane4, cshared_load64(at + 24));
        }
        hash = cshared_rotate(lane1, 1) + cshared_rotate(lane2, 7) + cshared_rotate(lane3, 12)
            + cshared_rotate(lane4, 18);
        hash = cshared_xxh64_merge(hash, lane1);
        hash = cshared_xxh64_merge(hash, lane2);
        hash = cshared_xxh64_merge(hash, lane3);
        hash = cshared_xxh64_merge(hash, lane4);
    }
    return cshared_xxh64_finish(hash + (uint64_t)count, at, rest);
}

// Multilinear hashing (Lemire and Kaser, "Strongly universal string hashing is fast", 2014) over the record's
// 16 words; the last one's upper half holds the checksum and is left out. The factors are the first outputs
// of SplitMix64 with seed 0x41545455 ("ATTU"), made odd.
static const uint64_t cshared_record_factors[16] = {
    0x24CFB1572803B6EB, 0x811502A7B73E5B81, 0x9A349418489C7FE5, 0xFDDC3DD734513999,
    0x4D63BB2E3BF64C8B, 0xB3E8615B18C1D901, 0xBFB9D2F7A68B91D5, 0x9BC011EFCFF5FB07,
    0x1F88160EAEF14F6F, 0xE81B2A2FF94D5577, 0x846BF6CFB645F6A1, 0xB4B1FEE86E8BEFB5,
    0xE2CF3D6DFC1BDD61, 0xD1B7F706BDEFA21D, 0x97296EE4C3AD0901, 0x540A0D22764978BD,
};

CSHARED_FUNCTION uint32_t cshared_record_checksum(const uint64_t words[16]) {
    uint64_t sum = 0;
    for (int index = 0; index < 15; index++) sum += words[index] * cshared_record_factors[index];
    sum += (words[15] & 0xFFFFFFFF) * cshared_record_factors[15];
    return (uint32_t)(sum >> 32);
}

#endif
