import type { Namespace } from '../../support/namespace.js';

/** Clocks, counters, and the random permanent address of a tunnel, which differ between two reads or two namespaces. */
const VOLATILE =
  /^(gc_timer|hello_timer|tcn_timer|topology_change_timer|forward_delay_timer|message_age_timer|hold_timer|updated|used|confirmed|expires|valid_life_time|preferred_life_time|permaddr|usedbcqueuelen|direct_packets_stat)$/;

/** Returns the output of a tool in a namespace: sorted rows of JSON, or text; without the values that differ between two runs. */
export function shown(namespace: Namespace, line: string): unknown {
  const [command, ...args] = line.split(' ');
  const text = namespace.run(command!, ...args);
  if (!args.includes('-j')) return text.replaceAll(/ expires \S+/g, '');
  let count = 0;
  // tc prints several keys with one name.
  const unique = text.replaceAll(/"match":|"key":/g, (key) => `${key.slice(0, -2)}${String(count++)}":`);
  const value = (unique.trim() === '' ? [] : JSON.parse(unique)) as readonly unknown[] | { readonly nftables: readonly unknown[] };
  return sorted(settled('nftables' in value ? value.nftables.map((row) => withoutHandle(row)) : value));
}

/** nftables numbers objects as they are created; the handles of tc are part of the configuration. */
function withoutHandle(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(Object.entries(row).map(([kind, object]) => [kind, { ...(object as object), handle: undefined }]));
}

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => settled(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !VOLATILE.test(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, settled(inner)]));
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return (value as unknown[])
    .map((row) => JSON.stringify(row))
    .sort()
    .map((row) => JSON.parse(row) as unknown);
}
