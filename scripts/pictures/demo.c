/* The program of the README's "Profile your own program". */
#include <stdio.h>
#include <stdlib.h>

static unsigned hash(const char *text) {
    unsigned value = 5381;
    while (*text) value = value * 33 + (unsigned char)*text++;
    return value;
}

static int is_prime(unsigned n) {
    for (unsigned d = 2; d * d <= n; d++)
        if (n % d == 0) return 0;
    return n > 1;
}

int main(int argc, char **argv) {
    unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 4000000, primes = 0;
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "item-%u", i);
        primes += is_prime(hash(name) % 100000);
    }
    printf("%u\n", primes);
}
