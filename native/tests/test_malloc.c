/* The semantics of the malloc family. Runs under every preset. */
#include "check.h"
#include "hakmem.h"
#include "route/route.h"

#include <errno.h>
#include <stddef.h>

static bool is_zero(const unsigned char *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (p[i]) return false;
    return true;
}

static void sizes_and_alignment(void) {
    for (size_t size = 0; size < 70000; size += size < 1200 ? 1 : 509) {
        void *p = hak_malloc(size);
        CHECK(p != NULL);
        CHECK((uintptr_t)p % (size >= 16 ? 16 : 8) == 0);
        CHECK(hak_malloc_usable_size(p) >= size);
        memset(p, 0xa5, hak_malloc_usable_size(p));
        hak_free(p);
    }
    void *a = hak_malloc(0), *b = hak_malloc(0);
    CHECK(a && b && a != b);
    hak_free(a);
    hak_free(b);
    hak_free(NULL);
    CHECK(hak_malloc_usable_size(NULL) == 0);
}

static void calloc_is_zero_even_on_reused_memory(void) {
    static const size_t sizes[] = {1, 8, 24, 100, 300, 600, 1000, 3000, 20000, 33000, 200000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (int round = 0; round < 5; round++) {
            unsigned char *p = hak_calloc(1, sizes[i]);
            CHECK(p && is_zero(p, sizes[i]));
            memset(p, 0xff, sizes[i]);
            hak_free(p);
        }
    }
    hak_free(hak_calloc(0, 5));
}

static void overflow_and_huge_sizes_fail_with_enomem(void) {
    volatile size_t half = SIZE_MAX / 2;
    errno = 0;
    CHECK(hak_calloc(half, 3) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(hak_reallocarray(NULL, half, 3) == NULL && errno == ENOMEM);
    void *p = hak_malloc(10);
    errno = 0;
    CHECK(hak_reallocarray(p, half, 3) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(hak_realloc(p, half) == NULL && errno == ENOMEM);
    hak_free(p);
    for (size_t size = PTRDIFF_MAX; size; size = size == SIZE_MAX      ? 0
                                                 : size == PTRDIFF_MAX ? (size_t)PTRDIFF_MAX + 1
                                                                       : SIZE_MAX) {
        errno = 0;
        CHECK(hak_malloc(size) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(hak_calloc(1, size) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(hak_pvalloc(size) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(hak_memalign(64, size) == NULL && errno == ENOMEM);
    }
}

static void realloc_keeps_contents(void) {
    uint64_t random = 42;
    unsigned char *p = NULL;
    size_t size = 0;
    for (int i = 0; i < 3000; i++) {
        static const size_t limits[] = {64, 1100, 40000, 300000};
        size_t next = 1 + check_random(&random) % limits[check_random(&random) % 4];
        p = hak_realloc(p, next);
        CHECK(p != NULL);
        size_t kept = size < next ? size : next;
        for (size_t at = 0; at < kept; at += 97)
            CHECK(p[at] == (unsigned char)(at * 31));
        for (size_t at = 0; at < next; at++)
            p[at] = (unsigned char)(at * 31);
        size = next;
    }
    CHECK(hak_realloc(p, 0) == NULL);
    p = hak_realloc(NULL, 100);
    CHECK(p != NULL);
    hak_free(p);
}

/* In turn, so that each is in the others' way. Only spans keep room for a vector that grows. */
static void vectors_grow_in_place(void) {
    enum { VECTORS = 8, MOST = 4 << 20 };
    unsigned char *vectors[VECTORS] = {NULL};
    unsigned moves = 0;
    for (size_t size = 65536, filled = 0; size < MOST; filled = size, size += size / 4)
        for (unsigned i = 0; i < VECTORS; i++) {
            unsigned char *grown = hak_realloc(vectors[i], size);
            CHECK(grown && (!filled || (grown[0] == i && grown[filled - 1] == i)));
            moves += grown != vectors[i];
            memset(grown + filled, (int)i, size - filled);
            vectors[i] = grown;
        }
    for (int i = 0; i < VECTORS; i++)
        hak_free(vectors[i]);
    if (hak_small_route(HAK_C6) == HAK_BOX_BINS) CHECK(moves <= 5 * VECTORS);
}

static void aligned_allocation(void) {
    for (size_t align = 8; align <= (size_t)1 << 22; align *= 2) {
        static const size_t sizes[] = {0, 1, 17, 100, 255, 300, 700, 1000, 2000, 5000, 17000, 32768, 40000};
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            void *p = NULL;
            CHECK(hak_posix_memalign(&p, align, sizes[i]) == 0);
            CHECK(p && (uintptr_t)p % align == 0);
            CHECK(hak_malloc_usable_size(p) >= sizes[i]);
            memset(p, 0x5a, hak_malloc_usable_size(p));
            unsigned char *q = hak_realloc(p, sizes[i] + 1000);
            CHECK(q && (sizes[i] == 0 || q[sizes[i] - 1] == 0x5a));
            hak_free(q);
            p = hak_aligned_alloc(align, sizes[i]);
            CHECK(p && (uintptr_t)p % align == 0);
            hak_free(p);
            p = hak_memalign(align, sizes[i]);
            CHECK(p && (uintptr_t)p % align == 0);
            hak_free(p);
        }
    }
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *p = hak_valloc(10);
    CHECK(p && (uintptr_t)p % page == 0);
    hak_free(p);
    p = hak_pvalloc(10);
    CHECK(p && (uintptr_t)p % page == 0 && hak_malloc_usable_size(p) >= page);
    hak_free(p);
}

static void invalid_alignments_are_rejected(void) {
    void *p = &p;
    errno = 77;
    CHECK(hak_posix_memalign(&p, 0, 8) == EINVAL && p == &p);
    CHECK(hak_posix_memalign(&p, 4, 8) == EINVAL);
    CHECK(hak_posix_memalign(&p, 24, 8) == EINVAL);
    CHECK(hak_posix_memalign(&p, 64, SIZE_MAX - 32) == ENOMEM && p == &p);
    CHECK(errno == 77); /* the error is in the result */
    errno = 0;
    CHECK(hak_aligned_alloc(3, 8) == NULL && errno == EINVAL);
    p = hak_memalign(24, 8); /* rounded up, like glibc */
    CHECK(p && (uintptr_t)p % 32 == 0);
    hak_free(p);
    CHECK(hak_memalign(SIZE_MAX, 8) == NULL && errno == EINVAL);
}

static void success_keeps_errno(void) {
    for (size_t size = 1; size < 500000; size = size * 3 / 2 + 1) {
        errno = 55;
        void *p = hak_malloc(size);
        p = hak_realloc(p, size * 2);
        hak_free(p);
        CHECK(errno == 55);
    }
}

static void mallinfo_counts_and_trim_gives_back(void) {
    enum { COUNT = 20000 };
    static char *blocks[COUNT];
    hak_free(hak_malloc(300));
    struct hak_mallinfo before = hak_mallinfo2();
    for (int i = 0; i < COUNT; i++)
        memset(blocks[i] = hak_malloc(600), 1, 600);
    char *large = hak_malloc(20000000); /* a mapping of its own */
    struct hak_mallinfo with = hak_mallinfo2();
    const char *guard = getenv("HAKMEM_GUARD");
    bool guarded = guard && *guard == '1';
    CHECK(with.uordblks >= before.uordblks + COUNT * (size_t)600 && with.arena >= with.uordblks);
    CHECK(with.fordblks == with.arena - with.uordblks);
    /* The guard has its own large blocks and does not count them here. */
    if (!guarded) CHECK(with.hblks == before.hblks + 1 && with.hblkhd >= before.hblkhd + 20000000);
    for (int i = 0; i < COUNT; i++)
        hak_free(blocks[i]);
    hak_free(large);
    struct hak_mallinfo after = hak_mallinfo2();
    CHECK(after.uordblks < before.uordblks + 100000 && after.hblks == before.hblks);
    if (!guarded) CHECK(hak_malloc_trim(0) == 1);
    CHECK(hak_malloc_trim(0) == 0); /* nothing is left to give back */
    memset(blocks[0] = hak_malloc(600), 1, 600);
    hak_free(blocks[0]);
}

/* The pointers lie inside larger objects: a route may read a header in front of them. */
static _Alignas(16) char on_stack[64];
static void free_static(void) {
    hak_free(on_stack + 32);
}
static void free_unmapped(void) {
    hak_free((void *)(uintptr_t)0x12345678);
}
static void foreign_pointers_abort_with_a_message(void) {
    char text[512];
    CHECK(WIFSIGNALED(check_child(free_static, text, sizeof text)));
    CHECK(strstr(text, "hakmem: invalid pointer: pointer 0x"));
    CHECK(WIFSIGNALED(check_child(free_unmapped, text, sizeof text)));
    CHECK(strstr(text, "0x12345678"));
}

int main(void) {
    RUN(sizes_and_alignment);
    RUN(calloc_is_zero_even_on_reused_memory);
    RUN(overflow_and_huge_sizes_fail_with_enomem);
    RUN(realloc_keeps_contents);
    RUN(vectors_grow_in_place);
    RUN(aligned_allocation);
    RUN(invalid_alignments_are_rejected);
    RUN(success_keeps_errno);
    RUN(mallinfo_counts_and_trim_gives_back);
    RUN(foreign_pointers_abort_with_a_message);
    FINISH();
}
