// Judges a whole text without stopping at its tokens, and writes down the tokens of its outer levels.
//
// The grammar of RFC 8259 says for each token what may come next. All tokens of a block are compared with
// that at once, as sets of bits: a set of tokens moved to where the next ones start must lie within those
// which may stand there. Only brackets and literals are looked at one by one. Whether a byte is inside a
// string is found as Langdale and Lemire do ("Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019,
// section 3.1); runs of bytes are passed by addition, as by ScanThru of Cameron et al. ("Bitwise Data
// Parallelism in Regular Expression Matching", PACT 2014).
//
// It answers only whether the text is free of doubt. What it doubts may still be right: the walk over every
// token in Wire decides, and names the fault.
#pragma once

#include "cwire_resolve.h"
#include "cwire_scalars.h"

enum {
    // Levels are kept as bits of one word; deeper texts are left to the walk.
    CWIRE_OUTLINE_DEPTH = 64,
    // As many as make the 1024 bytes that Swift surely takes from the stack.
    CWIRE_OUTLINE_STARTS = 256,
    // With more of them there may be no room for the tokens of another block.
    CWIRE_OUTLINE_FULL = CWIRE_OUTLINE_STARTS - CWIRE_BLOCK - CWIRE_GROUP,
    // Blocks that are sorted before the first of them is judged: each of the two loops keeps its values in
    // registers, and a branch that is guessed wrong in the second costs the first nothing.
    CWIRE_STRETCH = 8,
};

// What sorting a block must know about those before it.
typedef struct {
    uint64_t in_string;  // all ones when the block starts inside a string
    uint64_t escaped;    // 1 when the first byte is escaped
    uint64_t cut;        // 1 when the byte before may be inside a UTF-8 sequence
} cwire_sort_carry;

// What judging a block must know about those before it. Bits that stand for the byte before are 0 or 1.
typedef struct {
    uint64_t in_key;       // 1 when the string that is open is a key
    uint64_t in_scalar;    // 1 when the byte before is part of a number or a literal
    // What the next token must be; when all are 0, a comma or the end of a container.
    uint64_t due;          // 1 when it must be a key or a value
    uint64_t key_due;      // 1 when it must be a key
    uint64_t colon_due;
    uint64_t may_close;    // 1 when it may end a container although a key or value is due
    uint64_t in_object;    // all ones when the innermost container is an object
    uint64_t outer;        // all ones where tokens are written down
    uint64_t after_outer;  // 1 when they were at the byte before
    int64_t levels;        // as `levels` of the outline, 1 more inside a `_meta`
    uint64_t objects;      // a bit for each open container, innermost lowest: 1 for an object
    int64_t depth;
    uint64_t ended;        // all ones when the top-level value has ended
} cwire_judge_carry;

// The bytes being judged, how far they are, and the outer tokens of the latest stretch.
//
// Every read lies within [source, source + count): whole blocks are read in place only while 64 bytes are
// left, the rest is copied into `padded` before spaces.
typedef struct {
    const uint8_t *source;
    size_t count;
    size_t next;         // offset of the first block that is not judged yet
    size_t first;        // offset of the top-level value
    size_t end;          // offset behind it, 0 until it has ended
    int64_t max_depth;
    // Tokens inside this many containers are written down, and those of `_meta` in there unless this is 0.
    int64_t levels;
    bool doubtful;       // the text may be wrong; nothing else here counts then
    cwire_sort_carry sort;
    cwire_judge_carry judge;
    uint32_t *starts;    // room for CWIRE_OUTLINE_STARTS; where the tokens start, in rising order
    size_t found;
    uint64_t backslashes;  // nonzero once any block had a backslash
    uint8_t padded[CWIRE_BLOCK];
} cwire_outline;

// The tokens behind a set of last bytes of tokens: at the next byte, or behind the white space there.
CWIRE_INLINE uint64_t cwire_behind(uint64_t last, uint64_t blank, uint64_t *carry) {
    const uint64_t next = (last << 1) + *carry;
    *carry = last >> 63;
    if (blank == 0) return next;
    unsigned long long passed;
    *carry |= __builtin_uaddll_overflow(next & blank, blank, &passed);
    return (next | passed) & ~blank;
}

// As `cwire_flatten`, for offsets into the text.
CWIRE_INLINE uint32_t *cwire_write_starts(uint32_t *starts, uint64_t marks, uint32_t base) {
    const uint64_t stop = 1ULL << 63;  // keeps the count of trailing zeros defined
    const int marked = __builtin_popcountll(marks);
    uint32_t *out = starts;
    for (int done = 0; done < marked; done += CWIRE_GROUP) {
        for (int i = 0; i < CWIRE_GROUP; i++) {
            out[i] = base + (uint32_t)__builtin_ctzll(marks | stop);
            marks &= marks - 1;
        }
        out += CWIRE_GROUP;
    }
    return starts + marked;
}

// Whether the object at an offset may be the value of a member `_meta`. Those of other names are hardly ever
// taken for it: a name that ends neither in `a` nor in the last digit of its escape is another.
CWIRE_INLINE bool cwire_may_be_meta(const uint8_t *source, size_t at) {
    if (at < 3 || source[at - 1] != ':' || source[at - 2] != '"') return true;
    return source[at - 3] == 'a' || source[at - 3] == '1';
}

// Which bytes of a block are in an object rather than an array, and which at an outer level; a bracket counts
// as what is behind it.
typedef struct {
    uint64_t object;
    uint64_t outer;
    uint64_t ended;  // behind the top-level value
} cwire_levels;

// Opens and closes containers; false when a bracket does not match or the nesting is too deep.
CWIRE_INLINE bool cwire_nest(
    cwire_outline *outline, cwire_judge_carry *carry, const uint8_t *block, size_t base, uint64_t open,
    uint64_t close, cwire_levels *levels) {
    uint64_t objects = carry->objects;
    int64_t depth = carry->depth;
    uint64_t mismatch = 0;
    uint64_t object = carry->in_object;
    for (uint64_t rest = open | close; rest != 0; rest &= rest - 1) {
        const int at = __builtin_ctzll(rest);
        const uint64_t onward = ~0ULL << at;
        const uint64_t brace = block[at] >> 5 & 1;
        if (open >> at & 1) {
            objects = objects << 1 | brace;
            if (depth == carry->levels) {
                if (depth == outline->levels && depth > 0 && brace
                    && cwire_may_be_meta(outline->source, base + (size_t)at)) {
                    carry->levels++;
                } else {
                    levels->outer &= ~onward;
                }
            }
            depth++;
            if (__builtin_expect(depth > outline->max_depth, 0)) return false;
        } else {
            mismatch |= objects ^ brace;
            objects >>= 1;
            depth--;
            if (depth == carry->levels) levels->outer |= onward;
            if (depth <= outline->levels) carry->levels = outline->levels;
            if (__builtin_expect(depth == 0, 0)) {
                levels->ended |= onward << 1;
                carry->ended = ~0ULL;
                outline->end = base + (size_t)at + 1;
            }
        }
        object ^= (object ^ -(objects & 1)) & onward;
    }
    carry->objects = objects;
    carry->depth = depth;
    carry->in_object = -(object >> 63);
    carry->outer = -(levels->outer >> 63);
    levels->object = object;
    return (mismatch & 1) == 0;
}

// The bytes of a block by what they are.
typedef struct {
    uint64_t in_string;  // from each opening quote up to the byte before its closing quote
    uint64_t opening;    // opening quotes
    uint64_t plain;      // bytes of numbers and literals, or of nothing that is JSON
    uint64_t open, close, colon, comma, blank;  // outside strings
    cwire_sort_carry carry;  // to the next block
} cwire_kinds;

// The tokens that may not stand where they stand.
CWIRE_INLINE uint64_t cwire_order_faults(
    cwire_judge_carry *carry, const cwire_kinds *kinds, uint64_t scalar, uint64_t object, uint64_t blank) {
    const uint64_t due = cwire_behind(kinds->open | kinds->comma | kinds->colon, blank, &carry->due);
    const uint64_t key_due = cwire_behind((kinds->open | kinds->comma) & object, blank, &carry->key_due);
    const uint64_t may_close = cwire_behind(kinds->open, blank, &carry->may_close);
    // Adding a key's first bit to the run of its bytes leaves the bit of its closing quote.
    unsigned long long passed;
    carry->in_key = __builtin_uaddll_overflow(
        kinds->in_string, (kinds->opening & key_due) + carry->in_key, &passed);
    const uint64_t colon_due = cwire_behind(passed & ~kinds->in_string, blank, &carry->colon_due);
    const uint64_t unnamed = scalar | kinds->open;
    return (due ^ (kinds->opening | unnamed | (kinds->close & may_close))) | (unnamed & key_due)
        | (kinds->colon ^ colon_due);
}

// Whether a block is well-formed UTF-8 behind what was judged before it; a sequence that the block's end cuts
// passes.
CWIRE_INLINE bool cwire_is_utf8(
    const cwire_outline *outline, cwire_sort_carry *carry, const uint8_t *block, size_t base,
    cwire_kernel kernel) {
    uint32_t before = 0;
    uint32_t last;
    if (base >= 4) memcpy(&before, outline->source + base - 4, 4);
    memcpy(&last, block + CWIRE_BLOCK - 4, 4);
    carry->cut = cwire_utf8_open(last);
    return kernel.utf8(block, before);
}

// Finds what the bytes of a block are, and what is wrong inside its strings.
CWIRE_INLINE uint64_t cwire_sort_block(
    cwire_outline *outline, cwire_sort_carry *carry, const uint8_t *block, size_t base, cwire_kinds *kinds,
    cwire_kernel kernel) {
    cwire_masks masks;
    kernel.classify(block, &masks);
    outline->backslashes |= masks.backslash;
    const uint64_t escaped = cwire_escaped(masks.backslash, &carry->escaped);
    const uint64_t quote = masks.quote & ~escaped;
    const uint64_t in_string = kernel.prefix_xor(quote) ^ carry->in_string;
    carry->in_string = -(in_string >> 63);
    kinds->in_string = in_string;
    kinds->opening = quote & in_string;
    kinds->plain = ~(in_string | quote | masks.blank | cwire_structural(&masks));
    kinds->open = masks.open & ~in_string;
    kinds->close = masks.close & ~in_string;
    kinds->colon = masks.colon & ~in_string;
    kinds->comma = masks.comma & ~in_string;
    kinds->blank = masks.blank & ~in_string;
    uint64_t faults = masks.control & in_string;
    if ((escaped & in_string) != 0) {
        faults |= cwire_escape_fault(
            outline->source, outline->count, base, block, escaped & in_string, kernel);
    }
    if (masks.high != 0) {
        faults |= !cwire_is_utf8(outline, carry, block, base, kernel);
    } else {
        faults |= carry->cut;
        carry->cut = 0;
    }
    kinds->carry = *carry;
    return faults;
}

// Judges the order of a block's tokens, and its numbers and literals; returns where the next start goes.
CWIRE_INLINE uint32_t *cwire_judge_block(
    cwire_outline *outline, cwire_judge_carry *carry, const uint8_t *block, size_t base,
    const cwire_kinds *kinds, uint32_t *starts, uint64_t *faults, cwire_kernel kernel) {
    cwire_levels levels = {carry->in_object, carry->outer, carry->ended};
    if ((kinds->open | kinds->close) != 0) {
        *faults |= !cwire_nest(outline, carry, block, base, kinds->open, kinds->close, &levels);
    }
    const uint64_t scalar = kinds->plain & ~((kinds->plain << 1) + carry->in_scalar);
    *faults |= kinds->blank == 0 ? cwire_order_faults(carry, kinds, scalar, levels.object, 0)
                                 : cwire_order_faults(carry, kinds, scalar, levels.object, kinds->blank);
    if (kinds->plain != 0) {
        *faults |= cwire_scalar_faults(
            outline->source, outline->count, base, block, kinds->plain, carry->in_scalar, kernel);
    }
    carry->in_scalar = kinds->plain >> 63;
    if ((levels.outer | carry->after_outer) != 0) {
        const uint64_t tokens =
            kinds->opening | scalar | kinds->open | kinds->close | kinds->colon | kinds->comma;
        *faults |= tokens & levels.ended;
        starts = cwire_write_starts(
            starts, tokens & (levels.outer | levels.outer << 1 | carry->after_outer), (uint32_t)base);
        carry->after_outer = levels.outer >> 63;
    }
    return starts;
}

// Sorts and judges whole blocks, until there may be no room for the tokens of another; returns how many.
CWIRE_INLINE size_t cwire_judge_stretch(
    cwire_outline *outline, const uint8_t *block, size_t blocks, cwire_kernel kernel) {
    cwire_kinds kinds[CWIRE_STRETCH];
    cwire_sort_carry sort = outline->sort;
    cwire_judge_carry judge = outline->judge;
    uint32_t *starts = outline->starts + outline->found;
    const uint32_t *full = outline->starts + CWIRE_OUTLINE_FULL;
    uint64_t faults = 0;
    for (size_t i = 0; i < blocks; i++) {
        const size_t at = i * CWIRE_BLOCK;
        faults |= cwire_sort_block(outline, &sort, block + at, outline->next + at, &kinds[i], kernel);
    }
    size_t done = 0;
    while (done < blocks && starts <= full) {
        const size_t at = done * CWIRE_BLOCK;
        starts = cwire_judge_block(
            outline, &judge, block + at, outline->next + at, &kinds[done], starts, &faults, kernel);
        done++;
    }
    outline->sort = kinds[done - 1].carry;
    outline->judge = judge;
    outline->found = (size_t)(starts - outline->starts);
    outline->doubtful = faults != 0;
    return done;
}

// Judges on until the text ends, a doubt arises or there may be no room for the tokens of another block.
CWIRE_INLINE void cwire_judge(cwire_outline *outline, cwire_kernel kernel) {
    while (!outline->doubtful && outline->next < outline->count && outline->found <= CWIRE_OUTLINE_FULL) {
        const uint8_t *block = outline->source + outline->next;
        const size_t left = outline->count - outline->next;
        size_t blocks = left / CWIRE_BLOCK;
        if (blocks > CWIRE_STRETCH) blocks = CWIRE_STRETCH;
        if (blocks == 0) {
            memset(outline->padded, ' ', CWIRE_BLOCK);
            memcpy(outline->padded, block, left);
            block = outline->padded;
            blocks = 1;
        }
        outline->next += CWIRE_BLOCK * cwire_judge_stretch(outline, block, blocks, kernel);
    }
    // A text that is cut short has not ended its top-level value.
    if (outline->next >= outline->count && outline->judge.ended == 0) outline->doubtful = true;
}

// Begins with a text of at least one byte; returns whether a container is its first token. Texts of another
// kind are left to the walk.
//
// - starts: room for CWIRE_OUTLINE_STARTS offsets.
static inline bool cwire_outline_begin(
    cwire_outline *outline, const uint8_t *source, size_t count, uint32_t *starts, size_t max_depth,
    size_t levels) {
    outline->source = source;
    outline->count = count;
    outline->next = 0;
    outline->end = 0;
    outline->max_depth = (int64_t)(max_depth < CWIRE_OUTLINE_DEPTH ? max_depth : CWIRE_OUTLINE_DEPTH);
    outline->levels = (int64_t)levels;
    outline->doubtful = false;
    outline->sort = (cwire_sort_carry){0};
    outline->judge =
        (cwire_judge_carry){.due = 1, .outer = ~0ULL, .after_outer = 1, .levels = (int64_t)levels};
    outline->starts = starts;
    outline->found = 0;
    outline->backslashes = 0;
    size_t first = 0;
    while (first < count && (source[first] == ' ' || source[first] == '\n' || source[first] == '\r'
                             || source[first] == '\t')) {
        first++;
    }
    outline->first = first;
    return first < count && (source[first] == '{' || source[first] == '[');
}
