import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNames, shortName } from '../../../src/text/names.js';

describe('the short form of names', () => {
  it.each([
    // C and what isn't a function
    ['malloc', 'malloc'],
    ['[kernel]', '[kernel]'],
    ['(below main)', '(below main)'],
    ['<lambda>', '<lambda>'],
    ['shop.cart.<listcomp>', 'shop.cart.<listcomp>'],
    ['java.lang.String.<init>', 'java.lang.String.<init>'],
    ['#<Class:Job>#run', '#<Class:Job>#run'],
    ['block (2 levels) in <main>', 'block (2 levels) in <main>'],
    ['main <a.js:1>', 'main <a.js:1>'],
    ['+[NSString stringWithFormat:]', '+[NSString stringWithFormat:]'],
    ['a < b', 'a < b'],
    // C++
    ['void ns::f<int, std::vector<char>>(std::vector<int> const&) const', 'ns::f<…>'],
    ['std::vector<int, std::allocator<int> >::push_back(int&&)', 'std::vector<…>::push_back'],
    ['f(int) [clone .cold]', 'f'],
    ['f(int)@plt', 'f@plt'],
    ['(anonymous namespace)::helper(int)', '{anonymous}::helper'],
    ['ns::name[abi:cxx11](int)', 'ns::name'],
    [
      'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::append(char const*)',
      'std::string::append',
    ],
    [
      'std::__1::basic_string<wchar_t, std::__1::char_traits<wchar_t>>::size() const',
      'std::basic_string<…>::size',
    ],
    [
      'std::basic_ostream<char, std::char_traits<char> >& std::operator<< <std::char_traits<char> >(std::basic_ostream<char>&, char const*)',
      'std::operator<< <…>',
    ],
    ['bool operator< <int>(A<int> const&, B)', 'operator< <…>'],
    ['Foo::operator()(int) const', 'Foo::operator()'],
    ['Foo::operator!() const', 'Foo::operator!'],
    ['std::filesystem::__cxx11::path::extension() const', 'std::filesystem::path::extension'],
    ['Foo::operator bool() const', 'Foo::operator bool'],
    ['Foo<int>::operator std::vector<int>() const', 'Foo<…>::operator std::vector<…>'],
    ['operator new[](unsigned long)', 'operator new[]'],
    ['non-virtual thunk to Foo<int>::bar(int)', 'non-virtual thunk to Foo<…>::bar'],
    ['decltype ((f<int>)(x)) ns::call<int>(int)', 'ns::call<…>'],
    ['std::enable_if<(2 > 1), int>::type ns::g<(E)1, &A::f>(int)', 'ns::g<…>'],
    ['int f<bool (*)(int)>(int)::g(char)', 'f<…>::g'],
    // Lambdas, as the demanglers of gcc and LLVM write them
    ['main::{lambda(int)#1}::operator()(int) const', 'main::{lambda#1}'],
    ['auto f(int)::{lambda(auto:1)#2}::operator()<int>(int) const', 'f::{lambda#2}'],
    ['main::$_0::operator()(int) const', 'main::{lambda#1}'],
    ["f(int)::'lambda0'(int)::operator()(int) const", 'f::{lambda#2}'],
    // Rust
    ['core::ptr::drop_in_place<T>::h0123456789abcdef', 'core::ptr::drop_in_place<…>'],
    ['<alloc::vec::Vec<T> as core::ops::Drop>::drop', '<Vec<…> as Drop>::drop'],
    ['alloc::raw_vec::RawVec<T,A>::grow::{{closure}}', 'alloc::raw_vec::RawVec<…>::grow::{closure}'],
    ['core::slice::sort::<impl core::cmp::Ord for [u8]>::cmp', 'core::slice::sort::<impl Ord for [u8]>::cmp'],
    ['<>', '<>'],
    ['std::sync::Once::call::<main::f>', 'std::sync::Once::call::<…>'],
    // Go
    ['github.com/owner/project/store.(*DB).Get', 'store.(*DB).Get'],
    ['main.Sum[go.shape.int]', 'main.Sum[…]'],
    ['main.(*Tree[go.shape.int]).Insert', 'main.(*Tree[go.shape.int]).Insert'],
    ['runtime.mallocgc', 'runtime.mallocgc'],
    // D
    ['std.algorithm.sort!("a < b", int[]).sort(int[])', 'std.algorithm.sort!(…).sort'],
    // Swift
    ['main.Shape.area(scale: Swift.Double) -> Swift.Double', 'main.Shape.area'],
    ['closure #1 (Swift.Int) -> Swift.Int in main.run() -> ()', 'closure #1 in main.run'],
    ['generic specialization <Swift.Int> of Swift.Array.append(__owned A) -> ()', 'Swift.Array.append'],
    // Code of virtual machines
    ['JS:*hot /srv/a (copy)/x.js:1:2', 'JS:*hot /srv/a (copy)/x.js:1:2'],
    ['py::f:/srv/a (copy)/x.py', 'py::f:/srv/a (copy)/x.py'],
  ])('%s is shown as %s', (full, short) => {
    expect(shortName(full)).toBe(short);
  });

  it('never is empty or longer, whatever the name is', () => {
    fc.assert(
      fc.property(
        fc.string({
          minLength: 1,
          unit: fc.constantFrom('a', '<', '>', '(', ')', '[', ']', ':', ' ', '&', ' as '),
        }),
        (name) => {
          const short = shortName(name);
          expect(short.length).toBeGreaterThan(0);
          expect(short.length).toBeLessThanOrEqual(name.length);
        },
      ),
    );
  });

  it('has parameters where the same name would stand twice', () => {
    const names = [
      'b2Mul(b2Rot const&, b2Vec2 const&)',
      'b2Mul(b2Transform const&, b2Vec2 const&)',
      'int f(int) [clone .cold]',
    ];
    expect(names.map(distinctNames(names))).toEqual([names[0], names[1], 'f']);
  });

  it('reads the longest names without recursing as deep as they nest', () => {
    const deep = `${'<a as '.repeat(5000)}b${'>'.repeat(5000)}::f`;
    expect(shortName(deep).length).toBeLessThan(100);
    expect(shortName(`f${'<'.repeat(30_000)}`)).toHaveLength(30_001);
  });
});
