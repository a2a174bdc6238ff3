import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortName } from '../../../webview/text/names.js';

describe('names', () => {
  it.each([
    ['malloc', 'malloc'],
    ['void ns::f<int, std::vector<char>>(std::vector<int> const&) const', 'ns::f'],
    ['std::vector<int, std::allocator<int> >::push_back(int&&)', 'std::vector::push_back'],
    ['bool operator< <int>(A<int> const&, B)', 'bool operator<'],
    ['Foo::operator()(int) const', 'Foo::operator()'],
    ['(anonymous namespace)::helper(int)', '{anonymous}::helper'],
    ['f(int) [clone .cold]', 'f'],
    ['main::{lambda(int)#1}::operator()(int) const', 'main::{lambda#1}::operator()'],
    ['core::ptr::drop_in_place<T>::h0123456789abcdef', 'core::ptr::drop_in_place'],
    ['<alloc::vec::Vec<T> as core::ops::Drop>::drop', '<alloc::vec::Vec<T> as core::ops::Drop>::drop'],
    ['<lambda>', '<lambda>'],
    ['[kernel]', '[kernel]'],
    ['a < b', 'a < b'],
  ])('%s is shown as %s', (full, short) => {
    expect(shortName(full)).toBe(short);
  });

  it('never become empty or longer, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: fc.constantFrom('a', '<', '>', '(', ')', ':', ' ', '&') }),
        (name) => {
          const short = shortName(name);
          expect(short.length).toBeGreaterThan(0);
          expect(short.length).toBeLessThanOrEqual(name.length);
        },
      ),
    );
  });
});
