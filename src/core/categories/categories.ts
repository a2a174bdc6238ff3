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
  {
    name: 'Locks and threads',
    rules: [
      {
        module: '/(libc|libpthread)[.-][^/]*$',
        symbol:
          '^_*(GI_)*_*(pthread_(mutex|cond|rwlock|spin|barrier|once|create|join)\\w*|lll_\\w+|sem_\\w+|futex_\\w+|nptl_\\w+)(@.*)?$',
      },
      { module: '/(libgomp|libomp|libiomp\\d?|libtbb)[.-][^/]*$' },
    ],
  },
  {
    name: 'Compression',
    rules: [
      {
        module:
          '/lib(z|z-ng|zstd|lz4|lzma|bz2|brotli(common|dec|enc)|snappy|deflate|isal|lzo2|minizip)[.-][^/]*$',
      },
      {
        symbol:
          '^(ZSTD(MT|v0\\d)?_|(HUF|FSE)(v0\\d)?_|HIST_count|ZDICT_|(FAST)?COVER_|LZ4(F|HC|MID)?_|lzma_|BZ2_|Brotli|snappy::|libdeflate_|(in|de)flate(_\\w+|[A-Z]\\w*)?$|longest_match$|adler32\\w*$)',
      },
      // Helpers without a prefix are parts of the same libraries. Files with common names, such as trees.c, aren't listed.
      {
        file: '(^|/)(lz4(hc|frame|file)?|zstd(mt)?_\\w+|(huf|fse)_(de)?compress|entropy_common|zdict|divsufsort|(in|de)flate|inffast|inftrees|infback|blocksort|bzlib|lz(ma2?)?_(de|en)coder\\w*)\\.[ch]$',
      },
    ],
  },
  {
    name: 'Cryptography and TLS',
    rules: [
      {
        module:
          '/lib(crypto|ssl|gnutls|gcrypt|nettle|hogweed|sodium|mbed(crypto|tls|x509)|wolfssl|nss3|nssutil3|softokn3|freebl\\w*|smime3|ssl3|argon2|b2|xxhash)[.-][^/]*$',
      },
      {
        symbol:
          '^(EVP_|SSL_|BN_|ossl_|OPENSSL_|CRYPTO_|(aesni|vpaes|bsaes|gcm|ChaCha20|poly1305|sha(1|256|512))_\\w+|ring::|rustls::|crypto/)',
      },
    ],
  },
  {
    // Functions of one instruction in headers of the compiler, inlined wherever a program uses them.
    name: 'SIMD intrinsics',
    rules: [
      {
        file: '(^|/)lib(32|64|exec)?/(gcc|clang|llvm)[^/]*/(.+/)?include/(\\w+intrin|arm_(neon|sve\\w*|acle))\\.h$',
      },
    ],
  },
  {
    name: 'Rust library',
    rules: [
      { file: '(^|/)(rustc/[0-9a-f]+|rustlib/src/rust)/library/' },
      {
        symbol:
          '^<?&?(mut )?(core|alloc|hashbrown|compiler_builtins|std_detect|rustc_demangle)::|^_*(rust|rdl|rg)_\\w+|^std::(sys|sys_common|rt|io|panicking|sync|collections|hash|fs|ffi|env|path|process|backtrace(_rs)?|f32|f64)::|^std::thread::(local|current|Builder|Thread|spawn)\\b',
      },
    ],
  },
  {
    name: 'Go runtime',
    rules: [
      {
        symbol:
          '^(runtime|internal/(runtime|abi|bytealg|cpu|chacha8rand))(/\\w+)*\\.|^(memeqbody|cmpbody|gogo|aeshashbody|gcWriteBarrier|_rt0_\\w+)$',
      },
    ],
  },
  {
    name: 'Go library',
    rules: [
      { file: '/go[\\w.-]*/src/(?!cmd/)[a-z]' },
      {
        symbol:
          '^(bufio|bytes|cmp|context|errors|fmt|hash(/\\w+)?|io(/\\w+)?|iter|log|maps|math(/\\w+)*|net(/\\w+)*|os(/\\w+)*|path(/\\w+)?|reflect|regexp(/\\w+)?|slices|sort|strconv|strings|sync(/\\w+)?|syscall|text/\\w+|time|unicode(/\\w+)?|unique|encoding/\\w+|compress/\\w+|container/\\w+|internal/[\\w/]+|type:)\\.(\\(|[\\w])',
      },
    ],
  },
  {
    name: 'Python',
    rules: [
      { module: '/(lib)?python\\d[^/]*$|/lib-dynload/[^/]+$' },
      { symbol: '^(_?Py[A-Z_]\\w*|py::.*|_PyEval\\w+)$' },
    ],
  },
  {
    name: 'JavaScript',
    rules: [{ symbol: '^(JS|LazyCompile|Function|Script|Eval|RegExp):' }],
  },
  {
    name: 'Node.js and V8',
    rules: [
      { module: '/(node|nodejs|libnode\\.so[^/]*|libv8[^/]*|electron|libuv\\.so[^/]*)$' },
      { symbol: '^(v8|node)::|^(Builtin|BytecodeHandler|Handler|Stub|InterpretedFunction):|^Builtins_' },
    ],
  },
  {
    name: 'Java virtual machine',
    rules: [
      { module: '/lib(jvm|java|jli|jimage|zip|nio|net|verify)\\.so$' },
      { symbol: '^(Interpreter|StubRoutines|.* vtable stub|.* adapters?)$' },
    ],
  },
  {
    name: 'Qt',
    rules: [{ module: '/libQt\\d?[A-Z][^/]*$' }, { symbol: '^(Q[A-Z]\\w+::|QtPrivate::|Qt::|qt_\\w+$)' }],
  },
  {
    name: 'GLib',
    rules: [
      { module: '/lib(glib|gobject|gio|gmodule|gthread)-[^/]*$' },
      {
        symbol:
          '^g_(malloc|free|slice|hash_table|array|list|slist|string|object|signal|type|main|variant|str)\\w*$',
      },
    ],
  },
  { name: 'Boost', rules: [{ symbol: '^boost::' }, { module: '/libboost_[^/]*$' }] },
  {
    name: 'Protocol Buffers',
    rules: [{ symbol: '^google::protobuf::|^upb_' }, { module: '/libprotobuf[^/]*$' }],
  },
  { name: 'SQLite', rules: [{ module: '/(libsqlite3[.-][^/]*|sqlite3)$' }, { symbol: '^sqlite3\\w*$' }] },
  {
    name: 'C++ library',
    rules: [
      { module: '/lib(stdc\\+\\+|c\\+\\+|c\\+\\+abi|gcc_s|unwind)[.-][^/]*$' },
      { symbol: '^(std|__gnu_cxx|__gnu_debug|__cxxabiv1|__gnu_parallel)::' },
      { symbol: '^(operator (new|delete)\\b|__cxa_\\w+|__gxx_\\w+|_Unwind_\\w+|__dynamic_cast\\b)' },
      { file: '/include/c\\+\\+/' },
    ],
  },
  {
    name: 'C library',
    rules: [
      // Entries of a linkage table: calls into a library, most of them into this one.
      { symbol: '^\\[plt\\]$|@plt$|^\\.plt' },
      { module: '/(libc|libm|libpthread|libdl|librt|ld-linux[^/]*|ld-musl[^/]*)[.-][^/]*$' },
      // The kernel's code for reading clocks, which runs in the process and serves the library.
      { module: '^\\[vdso\\]$' },
      // Linked statically.
      {
        symbol:
          '^(__)?(mem(cpy|move|set|cmp|chr)|str(len|cmp|ncmp|chr|cpy))_?\\w*(sse|avx|evex|erms|neon|sve)\\w*$|^(_start|__libc_start\\w*)$',
      },
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
