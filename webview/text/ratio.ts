import { perLanguage } from '../../src/text/language.js';

const threeDecimals = perLanguage(
  (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
);

/** `1.668×`: near 1, three significant digits would say too little. */
export function ratio(value: number): string {
  return `${threeDecimals().format(value)}×`;
}
