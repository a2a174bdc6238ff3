#include "base/size_class.h"
#include "check.h"

static void every_size_has_the_smallest_class_that_fits(void) {
    for (size_t size = 0; size <= HAK_POOL_MAX + 1; size++) {
        unsigned id = hak_size_class(size);
        const struct hak_class_info *info = &hak_class_info[id];
        CHECK(size >= info->min);
        if (size > HAK_POOL_MAX)
            CHECK(id == HAK_LARGE);
        else
            CHECK(size <= info->size);
        for (unsigned other = 0; other < HAK_LARGE; other++)
            if (hak_class_info[other].size >= size && id != HAK_LARGE)
                CHECK(hak_class_info[other].size >= info->size);
    }
    CHECK(hak_size_class(SIZE_MAX) == HAK_LARGE);
}

static void pool_index_agrees_with_the_tables(void) {
    for (size_t size = HAK_POOL_MIN; size <= HAK_POOL_MAX; size++) {
        unsigned index = hak_pool_get_class_index(size);
        CHECK(index < HAK_POOL_CLASSES);
        CHECK(size <= hak_pool_class_size[index]);
        CHECK(index == 0 || size > hak_pool_class_size[index - 1]);
        CHECK(hak_class_info[hak_pool_class_id[index]].size == hak_pool_class_size[index]);
        CHECK(hak_pool_class_id[index] == hak_size_class(size));
    }
}

static void class_list_agrees_with_the_tables(void) {
#define X(name_, min_, size_)                                                                                \
    CHECK(strcmp(hak_class_info[HAK_##name_].name, #name_) == 0);                                            \
    CHECK(hak_class_info[HAK_##name_].size == (size_) && hak_class_info[HAK_##name_].min == (min_));         \
    if ((size_) >= HAK_POOL_MIN)                                                                             \
        CHECK(hak_pool_class_id[hak_pool_get_class_index(size_)] == HAK_##name_ &&                           \
              (HAK_POOL_CLASS_BITS & HAK_CLASS_BIT(HAK_##name_)));                                           \
    else                                                                                                     \
        CHECK(!(HAK_POOL_CLASS_BITS & HAK_CLASS_BIT(HAK_##name_)));
    HAK_SIZE_CLASSES(X)
#undef X
}

int main(void) {
    RUN(every_size_has_the_smallest_class_that_fits);
    RUN(pool_index_agrees_with_the_tables);
    RUN(class_list_agrees_with_the_tables);
    FINISH();
}
