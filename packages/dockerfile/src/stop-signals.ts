const names = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP ' +
    'TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'
  ).split(' '),
);

/** The names of the signals that Linux has, less `SIG`. */
export const stopSignalNames: readonly string[] = [...names];

/** Whether the text is a signal of Linux: a number, or a name with or without `SIG`, in any case. */
export function isStopSignal(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) > 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const [, end, distance = '0'] = /^RT(MIN|MAX)(?:[+-](\d+))?$/.exec(name) ?? [];
  if (end !== undefined) {
    if (distance === '0') return name === `RT${end}`;
    return end === 'MIN' ? name.includes('+') && Number(distance) <= 15 : name.includes('-') && Number(distance) <= 14;
  }
  return names.has(name);
}
