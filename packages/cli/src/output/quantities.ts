const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.5 MB`: steps of 1000. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.95 would be shown as 1000.0
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `31.4 MB/s`; empty where no time has passed. */
export function humanRate(bytes: number, milliseconds: number): string {
  return milliseconds <= 0 ? '' : `${humanSize((bytes * 1000) / milliseconds)}/s`;
}

/** `0.4 s`, `2 min 5 s`. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
