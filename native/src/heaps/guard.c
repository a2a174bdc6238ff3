#include "heaps/guard.h"
#include "base/misuse.h"
#include "mid/mid_page.h"
#include "os/os_lock.h"
#include "os/os_mem.h"
#include "os/os_meta.h"

#include <string.h>

enum {
    CANARY = 0xc5,
    JUNK = 0xdf,
    BORDER = 16, /* canary bytes before and after the user's bytes, at least */
    /* Freed blocks of a class that are quarantined before the oldest is reused: 1 MiB and 64 blocks. */
    QUARANTINE_BYTES = 1 << 20,
    QUARANTINE_BLOCKS = 64,
    /* Freed large blocks whose addresses stay reserved, without memory. */
    QUARANTINE_LARGE = 64,
};
#define QUARANTINE_LARGE_BYTES ((size_t)256 << 20)

enum state { FRESH, LIVE, FREED };

struct guard_record {
    char *block;               /* start of the block: canary, user's bytes, canary */
    struct guard_record *next; /* in the quarantine */
    size_t stride;             /* bytes of the whole block */
    size_t size;               /* bytes that the user asked for */
    uint32_t offset;           /* of the user's bytes in the block */
    uint8_t state;
    uint8_t class_id; /* class of the user's size */
};

bool guard_on;

/* All of this is guarded by HAK_LOCK_GUARD. A record that is in no queue and whose state has just been
 * changed belongs to the thread that changed it: blocks are filled and checked outside the lock. */
struct queue {
    struct guard_record *first, *last;
    size_t count, bytes;
};
static struct {
    struct mid_desc *current;
    uint32_t carved;
    struct queue quarantine;
} classes[HAK_LARGE];
static struct queue large_quarantine;
static struct guard_record *free_records; /* of large blocks */
static struct addr_map large_blocks = {
    .table = &addr_table_empty, .lock = HAK_LOCK_MAP_LARGE, .shift = 4, .first_size = 256};
static uint64_t count_allocs[HAK_CLASSES], count_frees[HAK_CLASSES];

/* How often this thread is inside the lock: more than once in a signal handler that interrupts it. A handler
 * reads without locking again, since no other thread can change anything meanwhile, and allocates from the
 * emergency memory. */
static HAK_TLS volatile int depth;

static void lock(void) {
    if (depth++ == 0) hak_lock(HAK_LOCK_GUARD);
}

static void unlock(void) {
    if (depth == 1) hak_unlock(HAK_LOCK_GUARD);
    depth--;
}

/* For handlers that allocate while their thread is inside the lock. Without checks, and never reused: few
 * signals arrive there. */
static _Alignas(16) char emergency[256 * 1024];
static _Atomic size_t emergency_used;

static bool in_emergency(const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)emergency < sizeof emergency;
}

static void *emergency_alloc(size_t size, size_t align) {
    size_t total = size + align + sizeof(size_t);
    if (size > sizeof emergency || align > sizeof emergency) return NULL;
    size_t at = atomic_fetch_add_explicit(&emergency_used, total, memory_order_relaxed);
    if (at > sizeof emergency - total) return NULL;
    char *block = (char *)HAK_ALIGN_UP(emergency + at + sizeof(size_t), align);
    memcpy(block - sizeof size, &size, sizeof size);
    return block;
}

static size_t emergency_size(const void *pointer) {
    size_t size;
    memcpy(&size, (const char *)pointer - sizeof size, sizeof size);
    return size;
}

/* Blocks that handlers have freed inside the lock; the thread frees them with its next call. Those that do
 * not fit are lost. */
enum { POSTPONED = 16 };
static HAK_TLS struct {
    unsigned count;
    void *blocks[POSTPONED];
} postponed;

static void free_postponed(void) {
    while (HAK_UNLIKELY(postponed.count))
        guard_free(postponed.blocks[--postponed.count]);
}

static void enqueue(struct queue *queue, struct guard_record *record) {
    record->next = NULL;
    if (queue->last)
        queue->last->next = record;
    else
        queue->first = record;
    queue->last = record;
    queue->count++;
    queue->bytes += record->stride;
}

static struct guard_record *dequeue(struct queue *queue) {
    struct guard_record *record = queue->first;
    if (!record) return NULL;
    queue->first = record->next;
    if (!queue->first) queue->last = NULL;
    queue->count--;
    queue->bytes -= record->stride;
    return record;
}

static char *user_of(const struct guard_record *record) {
    return record->block + record->offset;
}

/* True when all bytes equal `byte`: the first does, and each equals its predecessor. */
static bool all(const char *from, const char *to, int byte) {
    if (from == to) return true;
    return *(const unsigned char *)from == byte && memcmp(from, from + 1, (size_t)(to - from) - 1) == 0;
}

static void set_canaries(const struct guard_record *record) {
    char *user = user_of(record);
    memset(record->block, CANARY, record->offset);
    memset(user + record->size, CANARY, (size_t)(record->block + record->stride - user) - record->size);
}

/* Aborts when a byte around the user's has changed. */
static void check_canaries(const struct guard_record *record) {
    const char *user = user_of(record);
    if (!all(record->block, user, CANARY))
        hak_misuse("overwritten in front of the block", user, record->class_id, guard_box.name);
    if (!all(user + record->size, record->block + record->stride, CANARY))
        hak_misuse("overwritten behind the block", user, record->class_id, guard_box.name);
}

/* Unmaps the large block that has been quarantined longest. */
static void forget_oldest_large(void) {
    struct guard_record *record = dequeue(&large_quarantine);
    addr_map_remove(&large_blocks, (uintptr_t)user_of(record));
    os_unmap(record->block, record->stride);
    record->next = free_records;
    free_records = record;
}

/* Small blocks. */

static bool new_page(unsigned class_id) {
    uint32_t stride = hak_class_info[class_id].size;
    struct mid_desc *desc = (struct mid_desc *)mid_page_alloc(mid_page_units(stride), stride);
    if (!desc) return false;
    /* The records exist once per page, since the guard keeps its pages. */
    desc->records = os_meta_alloc(desc->page.capacity * sizeof(struct guard_record));
    if (!desc->records) {
        mid_page_free(&desc->page);
        return false;
    }
    classes[class_id].current = desc;
    classes[class_id].carved = 0;
    return true;
}

/* Takes a record without a live block, from the quarantine if that is long enough. NULL without memory. */
static struct guard_record *take_small(unsigned class_id) {
    struct queue *quarantine = &classes[class_id].quarantine;
    if (quarantine->count > QUARANTINE_BLOCKS && quarantine->bytes > QUARANTINE_BYTES)
        return dequeue(quarantine);
    struct mid_desc *desc = classes[class_id].current;
    if (!desc || classes[class_id].carved == desc->page.capacity) {
        while (!new_page(class_id)) {
            if (!large_quarantine.count) return dequeue(quarantine);
            forget_oldest_large(); /* its addresses may be what is needed */
        }
        desc = classes[class_id].current;
    }
    uint32_t index = classes[class_id].carved++;
    struct guard_record *record = (struct guard_record *)desc->records + index;
    record->stride = desc->page.stride;
    record->block = desc->page.start + (size_t)index * desc->page.stride;
    return record;
}

/* Large blocks: one mapping each. */

static struct guard_record *take_large(size_t stride, size_t align) {
    struct guard_record *record = free_records;
    if (record)
        free_records = record->next;
    else if (!(record = os_meta_alloc(sizeof *record)))
        return NULL;
    stride = HAK_ALIGN_UP(stride, os_page_size());
    while ((record->block = os_map(stride)) == NULL && large_quarantine.count)
        forget_oldest_large(); /* its addresses may be what is needed */
    if (record->block) {
        record->stride = stride;
        record->offset = (uint32_t)(HAK_ALIGN_UP(record->block + BORDER, align) - (uintptr_t)record->block);
        if (addr_map_insert(&large_blocks, (uintptr_t)user_of(record), record)) {
            record->state = FRESH;
            return record;
        }
        os_unmap(record->block, stride);
    }
    record->next = free_records;
    free_records = record;
    return NULL;
}

static struct guard_record *find_large(const void *pointer) {
    struct addr_table *table = atomic_load_explicit(&large_blocks.table, memory_order_acquire);
    uintptr_t key = (uintptr_t)pointer;
    return addr_table_find(table, key, ADDR_HASH(key, large_blocks.shift), table->size - 1);
}

/* The large block that `pointer` lies in, or NULL. For messages only. */
static struct guard_record *search_large(const void *pointer) {
    struct addr_table *table = atomic_load_explicit(&large_blocks.table, memory_order_acquire);
    for (size_t i = 0; i < table->size; i++) {
        if (atomic_load_explicit(&table->slots[i].key, memory_order_acquire) <= ADDR_MAP_REMOVED) continue;
        struct guard_record *record = atomic_load_explicit(&table->slots[i].value, memory_order_relaxed);
        if ((uintptr_t)pointer - (uintptr_t)record->block < record->stride) return record;
    }
    return NULL;
}

/* The record of the block that `pointer` lies in, or NULL. */
static struct guard_record *find(const void *pointer) {
    struct mid_desc *desc = mid_desc_lookup(pointer);
    if (desc && desc->records) {
        size_t index = (size_t)((const char *)pointer - desc->page.start) / desc->page.stride;
        return index < desc->page.capacity ? (struct guard_record *)desc->records + index : NULL;
    }
    struct guard_record *record = find_large(pointer);
    return record ? record : search_large(pointer);
}

/* Returns the record of the live block at `pointer` with the lock held. Otherwise releases the lock, returns
 * NULL for an address that belongs to no block, and aborts for anything else. */
static struct guard_record *lock_live(const void *pointer, const char *when_freed) {
    lock();
    struct guard_record *record = find(pointer);
    if (record && record->state == LIVE && user_of(record) == pointer) return record;
    enum state state = record ? record->state : FRESH;
    bool start = record && user_of(record) == pointer;
    unsigned class_id = record ? record->class_id : HAK_CLASSES;
    unlock();
    if (state == FRESH) return NULL;
    hak_misuse(state == LIVE ? "invalid pointer inside a block"
               : start       ? when_freed
                             : "invalid pointer inside a freed block",
               pointer, class_id, guard_box.name);
}

void *guard_alloc(size_t size, size_t align, bool zeroed) {
    if (align < 16) align = 16;
    /* `offset` has 32 bits, and nobody aligns to more than 1 GiB. */
    if (size > PTRDIFF_MAX - os_page_size() || align > (size_t)1 << 30) return NULL;
    if (HAK_UNLIKELY(depth)) return emergency_alloc(size, align);
    free_postponed();
    size_t total = size + (align > BORDER ? align : 0) + 2 * BORDER;
    unsigned class_id = hak_size_class(total);

    lock();
    struct guard_record *record = class_id == HAK_LARGE ? take_large(total, align) : take_small(class_id);
    if (!record) {
        unlock();
        return NULL;
    }
    bool used_before = record->state == FREED;
    unsigned old_class = record->class_id;
    char *old_user = user_of(record);
    if (class_id != HAK_LARGE)
        record->offset = (uint32_t)(HAK_ALIGN_UP(record->block + BORDER, align) - (uintptr_t)record->block);
    record->size = size;
    record->class_id = (uint8_t)hak_size_class(size);
    record->state = LIVE;
    count_allocs[record->class_id]++;
    unlock();

    if (used_before && !all(record->block, record->block + record->stride, JUNK))
        hak_misuse("written to after it was freed", old_user, old_class, guard_box.name);
    set_canaries(record);
    char *user = user_of(record);
    /* A new mapping is already zero. */
    if (zeroed && class_id != HAK_LARGE) memset(user, 0, size);
    return user;
}

bool guard_free(void *pointer) {
    if (in_emergency(pointer)) return true;
    if (HAK_UNLIKELY(depth)) {
        if (postponed.count < POSTPONED) postponed.blocks[postponed.count++] = pointer;
        return true;
    }
    struct guard_record *record = lock_live(pointer, "double free");
    if (!record) return false;
    record->state = FREED;
    count_frees[record->class_id]++;
    unlock();

    check_canaries(record);
    bool large = record->stride > HAK_POOL_MAX;
    if (large)
        os_seal(record->block, record->stride);
    else
        memset(record->block, JUNK, record->stride);

    lock();
    if (large) {
        enqueue(&large_quarantine, record);
        while (large_quarantine.count > QUARANTINE_LARGE || large_quarantine.bytes > QUARANTINE_LARGE_BYTES)
            forget_oldest_large();
    } else {
        enqueue(&classes[hak_size_class(record->stride)].quarantine, record);
    }
    unlock();
    return true;
}

size_t guard_usable(void *pointer) {
    if (in_emergency(pointer)) return emergency_size(pointer);
    struct guard_record *record = lock_live(pointer, "use of a freed block");
    if (!record) return SIZE_MAX;
    size_t size = record->size;
    unlock();
    return size;
}

bool guard_resize(void *pointer, size_t size) {
    if (in_emergency(pointer)) return size <= emergency_size(pointer);
    struct guard_record *record = lock_live(pointer, "use of a freed block");
    if (!record) return false;
    size_t room = record->stride - record->offset - BORDER, old = record->size;
    /* A block that would be mostly unused is moved instead. */
    bool stays = size <= room && room - size <= size + HAK_SMALL_MAX;
    if (stays) record->size = size;
    unlock();
    if (!stays) return false;
    /* The block belongs to the caller, so nobody else may free or resize it meanwhile. Only the bytes that
     * change sides are checked, so that growing byte by byte stays cheap; free checks everything. */
    char *user = pointer;
    if (size > old && !all(user + old, user + size, CANARY))
        hak_misuse("overwritten behind the block", pointer, record->class_id, guard_box.name);
    if (size < old) memset(user + size, CANARY, old - size);
    return true;
}

static void count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    (void)box;
    lock();
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        counts[i].slow += count_allocs[i];
        counts[i].frees += count_frees[i];
    }
    unlock();
}

static void start(const struct hak_configuration *configuration) {
    guard_on = configuration->values[HAK_OPT_GUARD];
}

const struct box guard_box = {
    .name = "guard",
    .meaning = "Replaces all other boxes when HAKMEM_GUARD=1. Detects every misuse, slowly.",
    .classes = HAK_ALL_CLASSES,
    .pages = BOX_PAGES_MID,
    .start = start,
    .count = count,
};
