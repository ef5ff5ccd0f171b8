import type { Shown } from './fields.js';
import type { Namespace } from '../../support/namespace.js';

/** The words without a value in the lines of ss. */
const WORDS = ['ts', 'sack', 'ecn', 'ecnseen', 'fastopen', 'usec_ts', 'app_limited', 'fallback', 'remote_key'];
/** The words after which the value is the next word. */
const SPACED = ['send', 'pacing_rate', 'delivery_rate'];

/** Returns a line of `ss -O -H` without its columns of blanks. */
export function compact(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}

/** Splits a line of `ss -tanimeO -H` (or -u, -w, -M) into its columns and the keys after them. */
export function inetLine(line: string): Shown {
  const [state, rqueue, wqueue, local, peer, ...words] = compact(line).split(' ');
  const shown: Record<string, unknown> = { state, rqueue, wqueue, local, peer };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [, key, value] = /^([a-z_0-9]+):(.*)$/.exec(word) ?? [];
    if (WORDS.includes(word)) shown[word] = true;
    else if (SPACED.includes(word)) shown[word] = words[++at];
    else if (word.startsWith('tcp-ulp-')) shown['ulp'] = word.slice('tcp-ulp-'.length);
    else if (/^[<-]-[->]$/.test(word)) shown['shutdown'] = word;
    else if (key === undefined) shown['cong'] = word;
    else if (value!.startsWith('(')) Object.assign(shown, group(key, value!));
    else shown[key === 'flags' && 'ulp' in shown ? 'ulp_flags' : key] = value;
  }
  return shown;
}

/** Splits `skmem:(r0,rb131072)`, `timer:(keepalive,119min,0)` and `bbr:(bw:0bps,mrtt:0.01)`. */
function group(key: string, text: string): Shown {
  const parts = text.slice(1, -1).split(',');
  return Object.fromEntries(
    parts.map((part, index) => {
      const [, name, value] = (key === 'skmem' ? /^([a-z]+)(\d+)$/ : /^([a-z_]+):(.*)$/).exec(part) ?? [];
      return name === undefined ? [`${key}.${String(index)}`, part] : [`${key}.${name}`, value];
    }),
  );
}

/** Splits a line of `ss -xaeO -H`; names contain no blanks. */
export function unixLine(line: string): Shown {
  const [netid, state, rqueue, wqueue, name, ino, peer, peerIno, ...words] = compact(line).split(' ');
  const keys = words.flatMap((word, index): [string, unknown][] => {
    const [, key, value] = /^([a-z]+):(.*)$/.exec(word) ?? [];
    if (key === 'peers') return [[key, words.slice(index + 1)]];
    if (/^[<-]-[->]$/.test(word)) return [['shutdown', word]];
    // The inode and the device of the socket's file.
    return key === undefined ? [] : [[key === 'ino' || key === 'dev' ? `vfs.${key}` : key, value]];
  });
  return { netid, state, rqueue, wqueue, name, ino, peer, peerIno, ...Object.fromEntries(keys) };
}

/** The names of states in ss. */
export const STATES: Readonly<Record<string, string>> = {
  established: 'ESTAB',
  'syn-sent': 'SYN-SENT',
  'syn-recv': 'SYN-RECV',
  'fin-wait1': 'FIN-WAIT-1',
  'fin-wait2': 'FIN-WAIT-2',
  'time-wait': 'TIME-WAIT',
  close: 'UNCONN',
  'close-wait': 'CLOSE-WAIT',
  'last-ack': 'LAST-ACK',
  listen: 'LISTEN',
  closing: 'CLOSING',
};

/** The names of timers in ss. */
export const TIMERS: Readonly<Record<string, string>> = {
  retransmit: 'on',
  keepalive: 'keepalive',
  'time-wait': 'timewait',
  probe0: 'persist',
};

/** Milliseconds between the two readings. */
export const APART = 3000;

/** Prints a number with 6 significant digits, as `%g`. */
export const general = (value: number | undefined): string => String(Number((value ?? NaN).toPrecision(6)));

/** The duration that ss prints: `1min59sec`, `1.5sec`, `200ms`. */
export function duration(text: string): number {
  const part = (unit: RegExp, factor: number): number => Number(unit.exec(text)?.[1] ?? 0) * factor;
  return part(/(\d+)min/, 60_000) + part(/([\d.]+)sec/, 1000) + part(/(\d+)ms/, 1);
}

/** Runs ss in a namespace and returns its lines. It prints a warning for each protocol that the kernel lacks. */
export function ssLines(namespace: Namespace, options: string): string[] {
  return namespace
    .run('sh', '-c', `ss ${options} -O -H 2>/dev/null`)
    .split('\n')
    .filter((line) => line.trim() !== '');
}
