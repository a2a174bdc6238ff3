#include "check.h"
#include "superslab/super_reg.h"

static void pages_are_found_by_any_address_in_them(void) {
    for (unsigned slabs = 1; slabs <= 4; slabs++) {
        struct hak_page *page = superslab_page_alloc(slabs);
        CHECK(page && page->start && page->slabs == slabs);
        for (size_t at = 0; at < (size_t)slabs * SLAB_SIZE; at += 4096 - 8) {
            struct superslab *superslab = hak_super_lookup(page->start + at);
            CHECK(superslab != NULL);
            CHECK(superslab && ss_map_lookup(superslab, page->start + at) == page);
        }
        memset(page->start, 1, (size_t)slabs * SLAB_SIZE);
        superslab_page_free(page);
    }
}

static void other_addresses_are_not_found(void) {
    int local;
    CHECK(hak_super_lookup(&local) == NULL);
    CHECK(hak_super_lookup((void *)(uintptr_t)16) == NULL);
    CHECK(hak_super_lookup((void *)UINTPTR_MAX) == NULL);
    struct hak_page *page = superslab_page_alloc(1);
    page->box = 1;
    struct superslab *superslab = hak_super_lookup(page->start);
    CHECK(ss_map_lookup(superslab, superslab)->box == 0); /* the metadata itself */
    char *start = page->start;
    superslab_page_free(page);
    CHECK(ss_map_lookup(superslab, start)->box == 0);
}

static void many_pages_do_not_overlap_and_superslabs_go_back(void) {
    enum { N = 400 };
    static struct hak_page *pages[N];
    for (int i = 0; i < N; i++) {
        unsigned slabs = (unsigned)(1 + i % 4);
        pages[i] = superslab_page_alloc(slabs);
        CHECK(pages[i] != NULL);
        for (unsigned s = 0; s < slabs; s++)
            *(int *)(pages[i]->start + s * SLAB_SIZE) = i;
    }
    size_t most = super_reg_effective_size(atomic_load(&super_reg.table));
    CHECK(most >= 256 && super_reg_effective_mask(atomic_load(&super_reg.table)) == most - 1);
    size_t live = atomic_load(&super_reg.table)->live;
    CHECK(live >= N * 10 / 4 / 31);
    for (int i = 0; i < N; i++)
        for (unsigned s = 0; s < pages[i]->slabs; s++)
            CHECK(*(int *)(pages[i]->start + s * SLAB_SIZE) == i);
    for (int i = 0; i < N; i++)
        superslab_page_free(pages[i]);
    CHECK(atomic_load(&super_reg.table)->live <= 3); /* the others are unmapped and out of the registry */
}

int main(void) {
    RUN(pages_are_found_by_any_address_in_them);
    RUN(other_addresses_are_not_found);
    RUN(many_pages_do_not_overlap_and_superslabs_go_back);
    FINISH();
}
