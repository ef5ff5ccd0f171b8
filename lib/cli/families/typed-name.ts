import { families, type FamilyName } from '../../families/index.js';

/** The families of the package by the kernel's names without regard to case and to `-` or `_`: `net-shaper` is `net_shaper`. */
const BY_PLAIN_NAME: ReadonlyMap<string, FamilyName> = new Map(
  (Object.keys(families) as FamilyName[]).map((name) => [plainName(name), name]),
);

/** The modules that have another name than the kernel's: after the only use or the program, and without the version. */
const OTHER_NAMES: ReadonlyMap<string, FamilyName> = new Map([
  ['SMBD_GENL', 'ksmbd'],
  ['SMC_GEN_NETLINK', 'smc'],
  ['sunrpc', 'sunrpc_cache'],
  ['TCM-USER', 'tcmu'],
  ['TIPCv2', 'tipc'],
]);

function plainName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Returns the name in the package of a generic family of the kernel; undefined if the package does not describe it. */
export function typedName(name: string): FamilyName | undefined {
  return OTHER_NAMES.get(name) ?? BY_PLAIN_NAME.get(plainName(name));
}
