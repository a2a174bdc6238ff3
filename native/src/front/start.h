/* The start: reads the environment and sets options and routes, once per process. */
#ifndef HAK_FRONT_START_H
#define HAK_FRONT_START_H

/* Afterwards the routes are published, except in a call from inside the start itself (hak_in_wrapper). */
void hak_start(void);

/* Gives back what this thread keeps; the thread continues like a new one. */
void hak_thread_exit(void);

#endif
