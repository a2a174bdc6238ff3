import { describe, expect, it } from 'vitest';
import { builtinCategories, OTHER } from '../../../src/core/categories/categories.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { ProfileBuilder } from '../../../src/model/builder.js';

/** Categories of functions, given as name, module, and file. */
function categoriesOf(classifier: Classifier, ...functions: (readonly [string, string, string?])[]) {
  const builder = new ProfileBuilder();
  for (const [name, module, file = ''] of functions) builder.func({ name, module, file, line: 0 });
  const categories = classifier.classifyAll(builder.finish([{ name: 'cycles' }], []));
  return Array.from(categories, (c) => classifier.names[c]);
}

describe('the shipped categories', () => {
  it.each([
    ['C++ library', 'std::vector<int, std::allocator<int> >::push_back(int&&)', '/srv/a'],
    ['C++ library', 'void std::__introsort_loop<int*, long>(int*, int*, long)', '/srv/a'],
    ['C++ library', '__gnu_cxx::__normal_iterator<int*, std::vector<int> >::operator++()', '/srv/a'],
    ['C++ library', 'operator new(unsigned long)@plt', '/srv/a'],
    ['C library', 'memcmp@plt', '/srv/a'],
    ['C library', '__memmove_avx_unaligned_erms', '/srv/static'],
    ['C library allocator', '_int_malloc', '/usr/lib/libc.so.6'],
    ['Locks and threads', '___pthread_mutex_lock', '/usr/lib/libc.so.6'],
    ['Compression', 'ZSTD_compressBlock_fast', '/srv/a'],
    ['Compression', 'LZ4HC_compress_generic_noDictCtx.part.0', '/srv/a'],
    ['Compression', 'HUFv07_decompress4X2', '/srv/a'],
    ['Compression', 'libdeflate_crc32', '/srv/a'],
    [OTHER, 'LZ4IO_compressFilename', '/usr/bin/lz4'],
    ['Compression', '[libz.so.1.2.13]', '/usr/lib/libz.so.1.2.13'],
    ['Cryptography and TLS', 'aesni_ecb_encrypt', '/usr/lib/libcrypto.so.3'],
    ['Rust library', '<alloc::vec::Vec<T> as core::ops::Drop>::drop', '/srv/a'],
    ['Rust library', 'hashbrown::raw::RawTable<T>::reserve_rehash', '/srv/a'],
    ['Rust library', 'std::io::Write::write_all', '/srv/a'],
    ['Go runtime', 'runtime.mallocgc', '/srv/a'],
    ['Go library', 'encoding/json.(*decodeState).object', '/srv/a'],
    ['Go library', 'strings.(*Builder).WriteString', '/srv/a'],
    ['Python', '_PyEval_EvalFrameDefault', '/usr/bin/python3.11'],
    ['JavaScript', 'JS:*hot /srv/a.js:1:2', '//anon'],
    ['Node.js and V8', 'v8::internal::Heap::Scavenge()', '/srv/a'],
    ['Java virtual machine', 'G1ParScanThreadState::trim_queue()', '/opt/jdk/lib/server/libjvm.so'],
    ['Qt', 'QString::append(QString const&)', '/srv/a'],
    ['GLib', 'g_hash_table_lookup', '/usr/lib/libglib-2.0.so.0'],
    ['Boost', 'boost::asio::io_context::run()', '/srv/a'],
    ['Protocol Buffers', 'google::protobuf::Message::Clear()', '/srv/a'],
    ['Kernel', 'do_sys_open', '[kernel.kallsyms]'],
    [OTHER, 'my::std::f()', '/srv/a'],
    [OTHER, 'stdlike(int)', '/srv/a'],
    [OTHER, 'f(std::vector<int>)', '/srv/a'],
  ])('%s: %s in %s', (category, name, module) => {
    const found = categoriesOf(new Classifier(builtinCategories), [name, module])[0];
    expect(found).toBe(category);
  });

  it('include what was inlined from the headers of a library', () => {
    const classifier = new Classifier(builtinCategories);
    expect(
      categoriesOf(
        classifier,
        ['operator()', '/srv/a', '/usr/include/c++/12/bits/predefined_ops.h'],
        ['next', '/srv/a', '/rustc/0123abcd/library/core/src/iter/range.rs'],
        ['_mm512_cmpeq_epi8_mask', '/srv/a', '/usr/lib/gcc/x86_64-linux-gnu/12/include/avx512bwintrin.h'],
        ['_mm_cvtsi128_si64', '/srv/a', '/usr/lib/llvm-14/lib/clang/14.0.6/include/emmintrin.h'],
        ['vaddq_u8', '/srv/a', '/usr/lib/gcc/aarch64-linux-gnu/12/include/arm_neon.h'],
        ['_mm_mine', '/srv/a', '/srv/include/myintrin.h'],
        ['LZ4_count', '/srv/a', '/srv/lz4/lib/lz4.c'],
        ['read_variable_length', '/srv/a', '/srv/lz4/lib/lz4.c'],
      ),
    ).toEqual([
      'C++ library',
      'Rust library',
      'SIMD intrinsics',
      'SIMD intrinsics',
      'SIMD intrinsics',
      OTHER,
      'Compression',
      'Compression',
    ]);
  });

  it('leave the rest to its namespace or module, where a lab has no categories of its own', () => {
    const rest = [
      ['void ns::inner::f<int>(int)', '/srv/a'],
      ['main', '/srv/a'],
      ['[libfoo.so.1.2]', '/usr/lib/libfoo.so.1.2'],
      ['[unknown]', '//anon'],
    ] as const;
    const classifier = new Classifier(builtinCategories, { byOrigin: true });
    expect(categoriesOf(classifier, ...rest)).toEqual(['ns::', 'a', 'libfoo.so', OTHER]);
    // Categories that one profile added keep their place for the next.
    expect(categoriesOf(classifier, ['x::y()', '/srv/a'], ['main', '/srv/a'])).toEqual(['x::', 'a']);
    expect(new Set(classifier.names).size).toBe(classifier.names.length);
    expect(categoriesOf(new Classifier(builtinCategories), ...rest)).toEqual([OTHER, OTHER, OTHER, OTHER]);
  });
});
