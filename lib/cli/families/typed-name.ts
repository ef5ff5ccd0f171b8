import { families, type FamilyName } from '../../families/index.js';

/** The families of the package by the kernel's names without regard to case and to `-` or `_`: `net-shaper` is `net_shaper`. */
const BY_PLAIN_NAME: ReadonlyMap<string, FamilyName> = new Map(
  (Object.keys(families) as FamilyName[]).map((name) => [plainName(name), name]),
);

/** The kernel's name of the family whose module is named after its only use. */
const SUNRPC = { name: 'sunrpc', module: 'sunrpc_cache' } as const;

function plainName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Returns the name in the package of a generic family of the kernel; undefined if the package does not describe it. */
export function typedName(name: string): FamilyName | undefined {
  return name === SUNRPC.name ? SUNRPC.module : BY_PLAIN_NAME.get(plainName(name));
}
