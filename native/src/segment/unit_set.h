/* Sets of the units of a segment. */
#ifndef HAK_SEGMENT_UNIT_SET_H
#define HAK_SEGMENT_UNIT_SET_H

#include "os/compiler.h"

enum { UNIT_SET_BITS = 256, UNIT_SET_WORDS = UNIT_SET_BITS / 64 };

struct unit_set {
    uint64_t words[UNIT_SET_WORDS];
};

/* The first unit from `from` on that is in the set (or is not, if `in` is false); UNIT_SET_BITS: none. */
static inline unsigned unit_set_next(const struct unit_set *set, unsigned from, bool in) {
    uint64_t mask = UINT64_MAX << from % 64;
    for (unsigned i = from / 64; i < UNIT_SET_WORDS; i++, mask = UINT64_MAX) {
        uint64_t word = (in ? set->words[i] : ~set->words[i]) & mask;
        if (word) return i * 64 + (unsigned)__builtin_ctzll(word);
    }
    return UNIT_SET_BITS;
}

/* Where the first run of at least `count` units starts; UNIT_SET_BITS: nowhere. */
static inline unsigned unit_set_find(const struct unit_set *set, unsigned count) {
    unsigned at = unit_set_next(set, 0, true);
    while (at + count <= UNIT_SET_BITS) {
        unsigned end = unit_set_next(set, at, false);
        if (end - at >= count) return at;
        at = unit_set_next(set, end, true);
    }
    return UNIT_SET_BITS;
}

/* The bits of word `i` that belong to `count` units from `from` on. */
static inline uint64_t unit_set_mask(unsigned i, unsigned from, unsigned count) {
    unsigned low = i * 64, end = from + count;
    if (end <= low || from >= low + 64) return 0;
    uint64_t mask = from > low ? UINT64_MAX << (from - low) : UINT64_MAX;
    return end < low + 64 ? mask & ~(UINT64_MAX << (end - low)) : mask;
}

static inline void unit_set_add(struct unit_set *set, unsigned from, unsigned count) {
    for (unsigned i = from / 64; i * 64 < from + count; i++)
        set->words[i] |= unit_set_mask(i, from, count);
}

/* Returns how many of the units were in the set. */
static inline unsigned unit_set_remove(struct unit_set *set, unsigned from, unsigned count) {
    if (count == 1) { /* most pages */
        uint64_t *word = &set->words[from / 64];
        unsigned was = *word >> from % 64 & 1;
        *word &= ~(UINT64_C(1) << from % 64);
        return was;
    }
    unsigned removed = 0;
    for (unsigned i = from / 64; i * 64 < from + count; i++) {
        uint64_t mask = unit_set_mask(i, from, count);
        removed += (unsigned)__builtin_popcountll(set->words[i] & mask);
        set->words[i] &= ~mask;
    }
    return removed;
}

/* How many of the units are in the set. */
static inline unsigned unit_set_count(const struct unit_set *set, unsigned from, unsigned count) {
    unsigned found = 0;
    for (unsigned i = from / 64; i * 64 < from + count; i++)
        found += (unsigned)__builtin_popcountll(set->words[i] & unit_set_mask(i, from, count));
    return found;
}

#endif
