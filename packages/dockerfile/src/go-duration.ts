const units: readonly (readonly [string, number])[] = [
  ['h', 3_600_000_000_000],
  ['m', 60_000_000_000],
  ['s', 1_000_000_000],
  ['ms', 1_000_000],
  ['us', 1_000],
  ['µs', 1_000],
  ['μs', 1_000],
  ['ns', 1],
];

/** A duration as Go writes it (`1m30s`, `1.5h`, `0`), in nanoseconds; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const [, sign, rest = ''] = /^([-+]?)(.*)$/.exec(text) ?? [];
  if (rest === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+$/.test(rest)) return undefined;
  let nanoseconds = 0;
  for (const [, amount, unit] of rest.matchAll(/([\d.]+)(h|ms|m|s|us|µs|μs|ns)/g)) {
    nanoseconds += Number(amount) * (units.find(([name]) => name === unit)?.[1] ?? 0);
  }
  return (sign === '-' ? -1 : 1) * Math.trunc(nanoseconds);
}

/** Nanoseconds as Go prints them: `1m30s`, `1h0m0s`, `1.5s`, `250ms`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1_000_000_000) {
    const [unit, size] = units.slice(3).find(([, unitSize]) => nanoseconds >= unitSize) ?? ['ns', 1];
    return `${nanoseconds / size}${unit === 'us' ? 'µs' : unit}`;
  }
  const minutes = Math.floor(nanoseconds / 60_000_000_000);
  const seconds = `${(nanoseconds % 60_000_000_000) / 1_000_000_000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
