import type { Category } from '../lab/labFile.js';

/** The category of functions that no rule matches. Always the last one. */
export const OTHER = 'Other';

/** Rules for code that any program may contain; a lab's categories take precedence. */
export const builtinCategories: readonly Category[] = [
  { name: 'mimalloc', rules: [{ module: '/libmimalloc[^/]*$' }, { symbol: '^_?mi_' }] },
  { name: 'jemalloc', rules: [{ module: '/libjemalloc[^/]*$' }, { symbol: '^je_' }] },
  { name: 'tcmalloc', rules: [{ module: '/libtcmalloc[^/]*$' }, { symbol: '^(tcmalloc::|tc_)' }] },
  {
    name: 'C library allocator',
    rules: [
      { module: '/libc[.-][^/]*$', file: '(^|/)malloc/[^/]+\\.[ch]$' },
      {
        module: '/libc[.-][^/]*$',
        symbol:
          '^(_int_|__libc_|__)?(malloc|c?free|calloc|realloc|memalign|tcache_\\w+|sysmalloc|systrim|unlink_chunk)(_consolidate|_check)?(\\.\\w+)*$',
      },
    ],
  },
  { name: 'C++ runtime', rules: [{ module: '/lib(stdc\\+\\+|c\\+\\+|c\\+\\+abi|gcc_s)[.-][^/]*$' }] },
  {
    name: 'C library',
    rules: [
      { symbol: '^\\[plt\\]$' },
      { module: '/(libc|libm|libpthread|ld-linux[^/]*|ld-musl[^/]*)[.-][^/]*$' },
    ],
  },
  {
    name: 'Kernel',
    rules: [
      { module: '^\\[(guest\\.)?kernel' },
      { module: '(^|/)vmlinux[^/]*$|\\.ko(\\.\\w+)?$' },
      // perf names kernel modules like `[ext4]`; other bracketed names are memory of a process.
      { module: '^\\[(?!vdso|vsyscall|vectors|heap|stack|anon|unknown|uprobes)[\\w.-]+\\]$' },
    ],
  },
];
