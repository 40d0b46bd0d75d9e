import { isIPv4, isIPv6 } from 'node:net';

/** The network of an address, an IPv4 one by its /24 and an IPv6 one by its /48; undefined for what is neither. */
export function shortenedAddress(ip: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  const [address = ''] = ip.split('%', 1);
  if (!isIPv6(address)) return undefined;
  // The URL parser writes addresses in one form (RFC 5952).
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - start.length - end.length).fill('0');
  const groups = [...start, ...zeros, ...end].slice(0, 3);
  return `${groups.join(':')}::/48`;
}
