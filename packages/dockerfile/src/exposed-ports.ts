/**
 * The ports of an EXPOSE word: `80` → `80/tcp`, `8000-8002/udp` → three. An address or a host's port before a colon is
 * read and dropped, as Docker does. Undefined where the word is no port.
 */
export function exposedPorts(word: string): string[] | undefined {
  const container = word.slice(word.lastIndexOf(':') + 1);
  const [, first = '', last = first, protocol] =
    /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp)?)?$/i.exec(container) ?? [];
  const from = Number(first);
  const to = Number(last);
  if (first === '' || to > 65535 || to < from) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}/${protocol?.toLowerCase() ?? 'tcp'}`);
}
