// The polynomial of CRC-32 as its bits are reversed, highest power lowest.
const polynomial = 0xedb88320;
// 2^5 bits are the powers of a 32-bit remainder; beyond 2^31 bytes nothing that is combined here is long.
const powers: number[] = [];

/**
 * The CRC-32 of two byte strings behind each other, of which only the CRC-32 of each is known.
 * @param length of the second, in bytes
 */
export function combineCrc32(first: number, second: number, length: number): number {
  // Bytes behind it multiply a remainder by x^8 each; addition is exclusive or.
  let remainder = first;
  for (let index = 0, left = length; left > 0; index++, left = Math.floor(left / 2)) {
    if (left % 2 === 1) remainder = multiply(power(index), remainder);
  }
  return (remainder ^ second) >>> 0;
}

/** x^(8 * 2^index) modulo the polynomial. */
function power(index: number): number {
  const known = powers[index];
  if (known !== undefined) return known;
  const half = index === 0 ? undefined : power(index - 1);
  const made = half === undefined ? 0x00800000 : multiply(half, half);
  powers[index] = made;
  return made;
}

/** Of polynomials modulo the one of CRC-32. */
function multiply(one: number, other: number): number {
  let product = 0;
  let shifted = other;
  for (let bit = 31; bit >= 0; bit--) {
    if ((one >>> bit) & 1) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
  }
  return product >>> 0;
}
