import { describe, expect, it } from 'vitest';
import { lastName } from '../../../src/text/lastName.js';

describe('what a function is called where there is no room for its whole name', () => {
  it.each([
    ['std::vector<…>::emplace_back<…>', 'emplace_back<…>'],
    ['inventory::detail::Index<std::string, double>::insert', 'insert'],
    ['<Vec<…> as core::ops::Drop>::drop', 'drop'],
    ['ns::Type::operator<', 'operator<'],
    ['ns::Type::operator std::string', 'operator std::string'],
    ['report(std::string)::{lambda#1}', 'report(std::string)::{lambda#1}'],
    ['ns::report::{lambda#1}', 'report::{lambda#1}'],
    ['memcpy@plt', 'memcpy@plt'],
    ['main.(*T).F', 'main.(*T).F'],
    ['', ''],
    ['a::', 'a::'],
  ])('%s: %s', (name, expected) => {
    expect(lastName(name)).toBe(expected);
  });
});
