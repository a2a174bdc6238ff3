/**
 * A share of 0..1 in percent, for attributes and fields that programs read: two decimals and a point in every language.
 */
export function plainPercent(share: number): string {
  const digits = (share * 100).toFixed(2);
  return digits === '-0.00' ? '0.00' : digits;
}
