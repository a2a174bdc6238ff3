/* The end of a program that has misused the allocator. */
#ifndef HAK_BASE_MISUSE_H
#define HAK_BASE_MISUSE_H

/* Names the pointer, its class (enum hak_class, or HAK_CLASSES for none) and its box on standard error, then
 * aborts. No lock may be held: a handler of SIGABRT may allocate. */
_Noreturn void hak_misuse(const char *what, const void *pointer, unsigned class_id, const char *box);

#endif
