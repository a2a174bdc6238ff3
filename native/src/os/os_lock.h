/* Every lock of the allocator, in the order in which they may be taken: a thread that holds one takes only
 * later ones. All are on slow paths. One ranked array makes fork safe: the handler takes all locks in order,
 * and the child releases what it inherited. */
#ifndef HAK_OS_LOCK_H
#define HAK_OS_LOCK_H

enum hak_lock_rank {
    HAK_LOCK_INIT,      /* reading the environment, once */
    HAK_LOCK_LATE,      /* heaps of threads that are ending */
    HAK_LOCK_HEAPS,     /* lists of thread heaps */
    HAK_LOCK_GUARD,     /* all state of the guard box */
    HAK_LOCK_SUPERSLAB, /* superslabs and their free slabs */
    HAK_LOCK_MID,       /* mid pages */
    HAK_LOCK_SEGMENT,   /* segments and their free pages */
    HAK_LOCK_LARGE,     /* large blocks and their cache */
    HAK_LOCK_MAP_SUPER, /* writers of the superslab registry */
    HAK_LOCK_MAP_MID,   /* writers of the mid descriptor registry */
    HAK_LOCK_MAP_LARGE, /* writers of the large block registry */
    HAK_LOCK_META,      /* metadata arena */
    HAK_LOCK_RANKS
};

void hak_lock(enum hak_lock_rank rank);
void hak_unlock(enum hak_lock_rank rank);

/* Around fork(), in the forking thread, so that no other thread is inside a critical section when the process
 * is copied. */
void hak_lock_all(void);
void hak_unlock_all(void);

#endif
