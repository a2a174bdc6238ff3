/* The start: environment to options to routes, once per process. */
#ifndef HAK_FRONT_START_H
#define HAK_FRONT_START_H

/* After it the routes are published, except in a call from inside the start itself (hak_in_wrapper). */
void hak_start(void);

/* Gives back what this thread keeps; the thread goes on as if it were new. */
void hak_thread_exit(void);

#endif
