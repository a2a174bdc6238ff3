/* A box is a system that can serve blocks. Its descriptor holds everything that is not on the paths of malloc
 * and free: its name, the classes it can serve, and its cold operations. The table of boxes (route/boxes.h)
 * has a row for each. */
#ifndef HAK_PAGE_BOX_H
#define HAK_PAGE_BOX_H

#include "base/options.h"
#include "base/size_class.h"

struct hak_page;
struct page_heaps;

/* Where the pages of a box come from. */
enum box_pages {
    BOX_PAGES_NONE, /* it has none */
    BOX_PAGES_SUPERSLAB,
    BOX_PAGES_MID,
    BOX_PAGES_SEGMENT,
};

/* What a box has done for one class. */
struct box_counts {
    uint64_t fast;   /* allocations that took a block from the thread's page or cache at once */
    uint64_t slow;   /* allocations that had to look further */
    uint64_t frees;  /* by any thread */
    uint64_t remote; /* of them, by a thread that does not own the block's page */
};

struct box {
    const char *name;    /* in routes, statistics and messages */
    const char *meaning; /* one line for hakmem_info and README.md */
    uint32_t classes;    /* HAK_CLASS_BIT of each class that it can serve */
    enum box_pages pages;
    uint8_t header; /* bytes in front of each block; without any, blocks of 2^k bytes are aligned to 2^k */
    /* The class identifier of each class index of its pages; NULL if they are the same. */
    const uint8_t *class_ids;

    /* Cold operations. */
    void (*start)(const struct hak_configuration *); /* runs before the first block exists; may be NULL */
    void (*thread_exit)(void);                       /* NULL if threads keep nothing of this box */
    void (*count)(const struct box *,
                  struct box_counts counts[HAK_CLASSES]); /* adds the counts of all threads */

    /* Boxes with pages only. */
    size_t (*usable)(struct hak_page *page, void *pointer); /* bytes of a live block */
    struct hak_page *(*get_page)(unsigned class_index); /* start, stride and capacity set; NULL: no memory */
    void (*put_page)(struct hak_page *page);
    struct page_heaps *heaps;
};

/* The class (enum hak_class) of the pages with this class index. */
static inline unsigned box_class_id(const struct box *box, unsigned class_index) {
    return box->class_ids ? box->class_ids[class_index] : class_index;
}

#endif
