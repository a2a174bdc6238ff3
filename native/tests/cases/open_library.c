/* Opens the library in the argument at run time: its thread-local data must fit what the linker keeps in
 * reserve. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    puts(library ? "opened" : dlerror());
    return !library;
}
