#include "mid/mid_header.h"

bool mid_lazy_header;
