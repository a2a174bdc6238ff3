/* Ends a program that has misused the allocator. */
#ifndef HAK_BASE_MISUSE_H
#define HAK_BASE_MISUSE_H

/* Writes the problem, the pointer, its class (enum hak_class, or HAK_CLASSES for none) and its box to
 * standard error, then aborts: the heap of such a program cannot be trusted any more. The caller must hold no
 * lock, because a SIGABRT handler may allocate. */
_Noreturn void hak_misuse(const char *what, const void *pointer, unsigned class_id, const char *box);

#endif
