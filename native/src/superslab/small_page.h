/* Superslab pages cut for a small class: what the tiny boxes have in common. */
#ifndef HAK_SUPERSLAB_SMALL_PAGE_H
#define HAK_SUPERSLAB_SMALL_PAGE_H

#include "base/size_class.h"
#include "superslab/superslab.h"

/* A page of blocks of class C0..C7; NULL without memory. superslab_page_free gives it back. */
struct hak_page *small_page_alloc(unsigned class_id);

#endif
