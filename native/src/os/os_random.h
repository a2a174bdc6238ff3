/* Random numbers. */
#ifndef HAK_OS_RANDOM_H
#define HAK_OS_RANDOM_H

#include "os/compiler.h"

/* 64 bits that a program cannot predict, from the system. Does not wait, does not allocate, keeps errno. */
uint64_t os_secret(void);

/* A number below `limit`, from a sequence of the thread that starts from a secret. */
uint32_t os_random_below(uint32_t limit);

#endif
