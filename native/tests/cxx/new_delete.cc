// C++ on the allocator: every form of new and delete, and what they do without memory. Exits with the number
// of failures.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

static int failures;
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            failures++;                                                                                      \
            std::printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);                                    \
        }                                                                                                    \
    } while (0)

template <size_t Align> struct alignas(Align) Aligned {
    char bytes[Align * 3];
};

template <size_t Align> static void aligned_new() {
    auto *one = new Aligned<Align>();
    auto *many = new Aligned<Align>[7];
    CHECK(reinterpret_cast<uintptr_t>(one) % Align == 0);
    CHECK(reinterpret_cast<uintptr_t>(many) % Align == 0);
    std::memset(static_cast<void *>(many), 1, sizeof(Aligned<Align>) * 7);
    delete one;
    delete[] many;
}

static volatile size_t huge = SIZE_MAX / 4;

static void failure() {
    bool thrown = false;
    try {
        ::operator delete(::operator new(huge));
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    CHECK(thrown);
    thrown = false;
    try {
        ::operator delete(::operator new(huge, std::align_val_t(64)), std::align_val_t(64));
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    CHECK(thrown);
    CHECK(::operator new(huge, std::nothrow) == nullptr);
    CHECK(::operator new[](huge, std::align_val_t(128), std::nothrow) == nullptr);
    static int called;
    std::set_new_handler([] {
        if (++called == 3) std::set_new_handler(nullptr);
    });
    try {
        ::operator delete(::operator new(huge));
    } catch (const std::bad_alloc &) {
    }
    CHECK(called == 3);
}

static void forms() {
    for (size_t size = 0; size < 100000; size = size * 5 / 4 + 1) {
        char *plain = new char[size], *quiet = new (std::nothrow) char[size];
        CHECK(plain && quiet && plain != quiet);
        std::memset(plain, 1, size);
        std::memset(quiet, 2, size);
        for (size_t i = 0; i < size; i++)
            CHECK(plain[i] == 1 && quiet[i] == 2);
        delete[] plain;
        ::operator delete[](quiet, std::nothrow);
        ::operator delete(::operator new(size), size);
    }
    delete static_cast<int *>(nullptr);
}

static size_t containers(unsigned seed) {
    std::map<std::string, std::vector<unsigned>> map;
    for (unsigned i = 0; i < 20000; i++) {
        seed = seed * 1664525u + 1013904223u;
        map["key" + std::to_string(seed % 997)].push_back(seed);
        if (seed % 7 == 0) map.erase("key" + std::to_string(i % 997));
    }
    size_t sum = 0;
    for (const auto &entry : map)
        sum = std::accumulate(entry.second.begin(), entry.second.end(), sum + entry.first.size());
    return sum;
}

int main() {
    forms();
    aligned_new<32>();
    aligned_new<64>();
    aligned_new<512>();
    aligned_new<4096>();
    aligned_new<65536>();
    failure();
    size_t expected = containers(1), sums[4] = {};
    std::vector<std::thread> threads;
    for (size_t &sum : sums)
        threads.emplace_back([&sum] { sum = containers(1); });
    for (auto &thread : threads)
        thread.join();
    for (size_t sum : sums)
        CHECK(sum == expected);
    // Made here, deleted there.
    auto shared = std::make_shared<std::string>(1000, 'x');
    std::thread([moved = std::move(shared)]() mutable { moved.reset(); }).join();
    return failures;
}
