/* What the hardening options promise: HAKMEM_ENCODED_LISTS, HAKMEM_GUARD_PAGES and HAKMEM_RANDOM_PLACEMENT.
 * Each attempt is its own process, because the options are read at start. */
#include "check.h"
#include "hakmem.h"
#include "segment/segment_v4.h"

#include <pthread.h>
#include <signal.h>

/* The attempts. */

enum { SIZE = 200, LARGE = 100000 };

static void *volatile taken[4096];

/* Takes blocks until every list of the size has been used. */
static void take_many(size_t size) {
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        taken[i] = hak_malloc(size);
}

/* Says which block the message must name. */
static void name(const void *block) {
    dprintf(STDERR_FILENO, "%p\n", block);
}

static void damage(const char *bit_text) {
    unsigned bit = (unsigned)atoi(bit_text);
    unsigned char *block = hak_malloc(SIZE);
    hak_free(hak_malloc(SIZE)); /* so that the link is not that of the list's end */
    hak_free(block);
    name(block);
    block[bit / 8] ^= (unsigned char)(1 << bit % 8);
    take_many(SIZE);
}

/* Writes the address of something else where malloc keeps a plain link. */
static void forge(const char *unused) {
    (void)unused;
    static _Alignas(16) char target[SIZE];
    char *block = hak_malloc(SIZE), *address = target;
    hak_free(block);
    name(block);
    memcpy(block, &address, sizeof address);
    for (int i = 0; i < 4096; i++)
        if (hak_malloc(SIZE) == target) dprintf(STDERR_FILENO, "malloc returned the target\n");
}

static void *free_both(void *blocks) {
    hak_free(((char **)blocks)[0]);
    hak_free(((char **)blocks)[1]);
    return NULL;
}
static void in_another_thread(void *(*run)(void *), void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, argument)) abort();
    pthread_join(thread, NULL);
}
static void damage_remote(const char *unused) {
    (void)unused;
    char *blocks[2] = {hak_malloc(SIZE), hak_malloc(SIZE)};
    in_another_thread(free_both, blocks);
    name(blocks[1]);
    blocks[1][3] ^= 1;
    take_many(SIZE);
}

/* A handler of SIGABRT may allocate, so no lock may be held. */
static void allocates(int signal_number) {
    hak_free(hak_malloc(SIZE));
    dprintf(STDERR_FILENO, "allocated\n");
    signal(signal_number, SIG_DFL);
}

/* The owner finds the damage when it ends. */
static _Atomic int step;
static void *own_two(void *blocks) {
    for (int i = 0; i < 2; i++)
        ((char **)blocks)[i] = hak_malloc(SIZE);
    step = 1;
    while (step != 2)
        usleep(100);
    return NULL;
}
static void damage_for_ending(const char *unused) {
    (void)unused;
    char *blocks[2];
    pthread_t thread;
    signal(SIGABRT, allocates);
    if (pthread_create(&thread, NULL, own_two, blocks)) abort();
    while (step != 1)
        usleep(100);
    free_both(blocks);
    name(blocks[1]);
    blocks[1][5] ^= 1;
    step = 2;
    pthread_join(thread, NULL);
}

/* A destructor that runs after the allocator's shares a heap with all such threads, under a lock. */
static void damage_late(void *unused) {
    (void)unused;
    char *blocks[2] = {hak_malloc(SIZE), hak_malloc(SIZE)};
    free_both(blocks);
    name(blocks[1]);
    blocks[1][5] ^= 1;
    hak_malloc(SIZE);
}
static pthread_key_t late_key;
static void *end_late(void *unused) {
    hak_free(hak_malloc(SIZE));
    pthread_setspecific(late_key, "");
    return unused;
}
static void damage_in_destructor(const char *unused) {
    (void)unused;
    signal(SIGABRT, allocates);
    hak_free(hak_malloc(SIZE));
    if (pthread_key_create(&late_key, damage_late)) abort();
    in_another_thread(end_late, NULL);
}

static void free_later(const char *unused) {
    (void)unused;
    char *block = hak_malloc(SIZE), *other = hak_malloc(SIZE);
    hak_free(block);
    hak_free(other);
    name(block);
    hak_free(block);
}
static void free_after_another_thread(const char *unused) {
    (void)unused;
    char *blocks[2] = {hak_malloc(SIZE), hak_malloc(SIZE)};
    in_another_thread(free_both, blocks);
    name(blocks[0]);
    hak_free(blocks[0]);
}
static void *free_third(void *blocks) {
    hak_free(((char **)blocks)[0]);
    return NULL;
}
static void free_in_two_threads(const char *unused) {
    (void)unused;
    char *blocks[2] = {hak_malloc(SIZE), hak_malloc(SIZE)};
    in_another_thread(free_both, blocks);
    in_another_thread(free_third, blocks);
    name(NULL);
    take_many(SIZE);
}

/* A block that is in use shows no link, and may begin with any word. */
static void use(const char *unused) {
    (void)unused;
    uint64_t *block = hak_malloc(SIZE), random = 5;
    hak_free(hak_malloc(SIZE));
    hak_free(block);
    uint64_t link = block[0];
    CHECK((block = hak_malloc(SIZE))[0] == 0 && link != 0);
    block[0] = link; /* as a program could that has read freed memory */
    hak_free(block);
    for (int i = 0; i < 100000; i++) {
        block = hak_malloc(SIZE);
        CHECK(block[0] == 0);
        block[0] = i % 2 ? 0 : check_random(&random);
        hak_free(block);
    }
}

static void write_at(const char *offset_text) {
    long offset = atol(offset_text);
    char *block = hak_malloc(LARGE);
    block[0] = block[hak_malloc_usable_size(block) - 1] = 1;
    block[offset < 0 ? offset : (long)hak_malloc_usable_size(block) + offset] = 1;
}
/* From the cache of mappings, and after growing, which moves the pages. */
static void write_behind_reused(const char *unused) {
    (void)unused;
    hak_free(hak_malloc(LARGE));
    write_at("0");
}
static void write_behind_grown(const char *unused) {
    (void)unused;
    char *block = hak_malloc(LARGE);
    memset(block, 7, LARGE);
    block = hak_realloc(block, 50 * LARGE);
    CHECK(block[0] == 7 && block[LARGE - 1] == 7);
    memset(block, 8, 50 * LARGE);
    block[hak_malloc_usable_size(block)] = 1;
}
static void write_in_segment(const char *offset_text) {
    char *segment = (char *)segment_v4_of(hak_malloc(SIZE));
    segment[SEGMENT_V4_PAGE_SIZE] = 1; /* the first block */
    *(segment + atol(offset_text)) = 1;
}
/* Every block between fences can be used, in every order of sizes and alignments. */
static void use_large(const char *unused) {
    (void)unused;
    static char *blocks[64];
    uint64_t random = 11;
    for (int i = 0; i < 4000; i++) {
        char **block = &blocks[check_random(&random) % 64];
        size_t size = 32769 + check_random(&random) % 400000;
        if (i % 3 == 0) {
            hak_free(*block);
            *block = hak_aligned_alloc((size_t)4096 << check_random(&random) % 6, size);
        } else {
            *block = hak_realloc(*block, size);
        }
        CHECK(hak_malloc_usable_size(*block) >= size);
        memset(*block, i, size);
    }
}

static void place(const char *size_text) {
    char *first = hak_malloc((size_t)atol(size_text));
    for (int i = 0; i < 20; i++)
        dprintf(STDERR_FILENO, "%td ", (char *)hak_malloc((size_t)atol(size_text)) - first);
}

static const struct {
    const char *name;
    void (*run)(const char *argument);
} attempts[] = {
    {"damage", damage},
    {"forge", forge},
    {"damage_remote", damage_remote},
    {"damage_for_ending", damage_for_ending},
    {"damage_in_destructor", damage_in_destructor},
    {"free_later", free_later},
    {"free_after_another_thread", free_after_another_thread},
    {"free_in_two_threads", free_in_two_threads},
    {"use", use},
    {"write_at", write_at},
    {"write_behind_reused", write_behind_reused},
    {"write_behind_grown", write_behind_grown},
    {"write_in_segment", write_in_segment},
    {"use_large", use_large},
    {"place", place},
};

/* The checks. */

static char said[8192];

/* Returns the wait status of a process that makes the attempt. */
static int attempt(const char *setting, const char *what, const char *argument) {
    int err[2];
    fflush(stdout);
    if (pipe(err)) abort();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(err[1], STDERR_FILENO);
        close(err[0]), close(err[1]);
        /* Signals must end the process, not a sanitizer's report. */
        char *environment[] = {(char *)setting, "ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_abort=0",
                               "TSAN_OPTIONS=handle_segv=0:handle_abort=0", NULL};
        alarm(120); /* instead of waiting for ever, for a lock */
        execve("/proc/self/exe", (char *const[]){"test_hardening", (char *)what, (char *)argument, NULL},
               environment);
        _exit(127);
    }
    close(err[1]);
    size_t used = 0;
    for (ssize_t n; used < sizeof said - 1 && (n = read(err[0], said + used, sizeof said - 1 - used)) > 0;)
        used += (size_t)n;
    said[used] = 0;
    close(err[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
}

/* The attempt ends with this message about the block that it has named. */
static bool caught(const char *what, const char *argument, const char *message) {
    int status = attempt("HAKMEM_ENCODED_LISTS=1", what, argument);
    char expected[256];
    const char *end = strchr(said, '\n');
    snprintf(expected, sizeof expected, "hakmem: %s: pointer %.*s, class C5, box encoded\n", message,
             end && *said == '0' ? (int)(end - said) : 0, said);
    if (end && *said != '0') expected[strlen("hakmem: : pointer ") + strlen(message)] = 0; /* any pointer */
    bool is = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(said, expected);
    if (!is) printf("# %s %s: status %x, %s\n", what, argument, (unsigned)status, said);
    return is;
}
#define OVERWRITTEN "free list overwritten, by a write after free or an overflow"

static void every_damaged_bit_of_a_link_is_noticed(void) {
    for (unsigned bit = 0; bit < 64; bit++) {
        char text[16];
        snprintf(text, sizeof text, "%u", bit);
        CHECK(caught("damage", text, OVERWRITTEN));
    }
}
static void a_link_cannot_be_forged(void) {
    CHECK(caught("forge", "", OVERWRITTEN));
    CHECK(!strstr(said, "malloc returned the target"));
    /* With plain lists it can: the attempt is right. */
    attempt("HAKMEM_PROFILE=V4", "forge", "");
    CHECK(strstr(said, "malloc returned the target"));
}
static void links_of_blocks_freed_elsewhere_are_checked(void) {
    CHECK(caught("damage_remote", "", OVERWRITTEN));
    CHECK(caught("damage_for_ending", "", OVERWRITTEN) && strstr(said, "\nallocated\n"));
    CHECK(caught("damage_in_destructor", "", OVERWRITTEN) && strstr(said, "\nallocated\n"));
}
static void double_frees_are_found_in_all_lists(void) {
    CHECK(caught("free_later", "", "double free"));
    CHECK(caught("free_after_another_thread", "", "double free"));
    CHECK(caught("free_in_two_threads", "", "double free"));
}
static void live_blocks_may_hold_anything(void) {
    CHECK(attempt("HAKMEM_ENCODED_LISTS=1", "use", "") == 0);
    CHECK(said[0] == 0);
}

static bool faults(const char *what, const char *argument) {
    int status = attempt("HAKMEM_GUARD_PAGES=1", what, argument);
    return WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS);
}
static void large_blocks_lie_between_guard_pages(void) {
    CHECK(faults("write_at", "0") && faults("write_at", "4095"));
    CHECK(faults("write_at", "-1") && faults("write_at", "-4096"));
    CHECK(faults("write_behind_reused", ""));
    CHECK(faults("write_behind_grown", ""));
    CHECK(attempt("HAKMEM_GUARD_PAGES=1", "use_large", "") == 0);
}
static void segment_metadata_lies_between_guard_pages(void) {
    char last[32], behind[32];
    snprintf(last, sizeof last, "%d", SEGMENT_V4_SIZE - 1);
    snprintf(behind, sizeof behind, "%d", SEGMENT_V4_PAGE_SIZE - 1);
    CHECK(faults("write_in_segment", last) && faults("write_in_segment", behind));
    CHECK(attempt("HAKMEM_GUARD_PAGES=0", "write_in_segment", last) == 0);
    CHECK(attempt("HAKMEM_GUARD_PAGES=0", "write_in_segment", behind) == 0);
}

static void runs_place_blocks_differently(void) {
    static const char *const sizes[] = {"16", "300", "1000", "3000"};
    static const char *const profiles[] = {"HAKMEM_RANDOM_PLACEMENT=0", "HAKMEM_RANDOM_PLACEMENT=1",
                                           "HAKMEM_PROFILE=HARDENED"};
    for (int i = 0; i < 4; i++)
        for (int p = 0; p < 3; p++) {
            char first[sizeof said];
            CHECK(attempt(profiles[p], "place", sizes[i]) == 0);
            memcpy(first, said, sizeof first);
            CHECK(attempt(profiles[p], "place", sizes[i]) == 0);
            CHECK((strcmp(first, said) == 0) == (p == 0) && said[0]);
        }
}

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 3 && i < sizeof attempts / sizeof attempts[0]; i++)
        if (strcmp(attempts[i].name, argv[1]) == 0) {
            attempts[i].run(argv[2]);
            return check_failures != 0;
        }
    RUN(every_damaged_bit_of_a_link_is_noticed);
    RUN(a_link_cannot_be_forged);
    RUN(links_of_blocks_freed_elsewhere_are_checked);
    RUN(double_frees_are_found_in_all_lists);
    RUN(live_blocks_may_hold_anything);
    RUN(large_blocks_lie_between_guard_pages);
    RUN(segment_metadata_lies_between_guard_pages);
    RUN(runs_place_blocks_differently);
    FINISH();
}
