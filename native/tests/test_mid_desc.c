#include "check.h"
#include "mid/mid_header.h"
#include "mid/mid_page.h"

static void lookup_all(bool cached) {
    enum { N = 100 };
    static struct mid_desc *descs[N];
    mid_desc_cache_enabled = cached;
    for (int i = 0; i < N; i++) {
        unsigned units = i % 3 ? 1 : 4;
        descs[i] = (struct mid_desc *)mid_page_alloc(units, 512);
        CHECK(descs[i] && descs[i]->page.slabs == units && descs[i]->page.capacity == units * 128);
        descs[i]->page.box = 1;
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < N; i++)
            for (size_t at = 0; at < descs[i]->page.slabs * (size_t)MID_UNIT_SIZE;
                 at += MID_UNIT_SIZE / 2 + 8)
                CHECK(mid_desc_lookup(descs[i]->base + at) == descs[i]);
    }
    int local;
    CHECK(mid_desc_lookup(&local) == NULL);
    for (int i = 0; i < N; i++) {
        char *base = descs[i]->base;
        mid_page_free(&descs[i]->page);
        /* The descriptor stays with its addresses; only its box is cleared. */
        CHECK(mid_desc_lookup(base) == descs[i] && descs[i]->page.box == 0);
    }
}

static void nothing_is_found_before_the_first_page(void) {
    int local;
    CHECK(mid_desc_lookup(&local) == NULL);
    CHECK(mid_desc_init_once() != NULL);
}
static void lookup_without_cache(void) {
    lookup_all(false);
}
static void lookup_with_cache(void) {
    lookup_all(true);
}

static void freed_pages_are_reused(void) {
    struct hak_page *first = mid_page_alloc(4, 8192);
    mid_page_free(first);
    struct hak_page *second = mid_page_alloc(4, 6144);
    CHECK(first == second && second->stride == 6144 && second->capacity == 42);
    mid_page_free(second);
}

static void headers_tell_state_and_class(void) {
    static _Alignas(64) char memory[512];
    void *user = mid_set_header((struct hak_block *)memory, 3);
    CHECK(user == memory + 16);
    CHECK(mid_header_of(user)->tag == MID_TAG(3, MID_USED));
    mid_set_aligned(memory + 128, mid_header_of(user));
    CHECK(mid_header_of(memory + 128)->tag == MID_TAG(0, MID_ALIGNED));
    CHECK((char *)mid_header_of(memory + 128)->link.next == memory);
    mid_mark_free(mid_header_of(user), 3);
    CHECK(mid_header_of(user)->tag == MID_TAG(3, MID_FREE));
}

int main(void) {
    RUN(nothing_is_found_before_the_first_page);
    RUN(lookup_without_cache);
    RUN(lookup_with_cache);
    RUN(freed_pages_are_reused);
    RUN(headers_tell_state_and_class);
    FINISH();
}
