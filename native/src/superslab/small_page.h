/* Superslab pages for a small class, as both tiny heaps use them. */
#ifndef HAK_SUPERSLAB_SMALL_PAGE_H
#define HAK_SUPERSLAB_SMALL_PAGE_H

#include "base/size_class.h"
#include "superslab/superslab.h"

/* Allocates a page for blocks of class C0..C7; superslab_page_free frees it. NULL without memory. */
struct hak_page *small_page_alloc(unsigned class_id);

#endif
