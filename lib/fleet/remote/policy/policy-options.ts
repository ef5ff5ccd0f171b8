import { checkOptionNames, kindOf, suggestion } from '../../../check/index.js';
import type { FamilyName } from '../../../families/index.js';
import { isRead, type FamilySchema } from '../../../schema/index.js';
import { FAMILY_NAMES, loadSchema } from './family-schemas.js';

/** Names of operations or groups by names of families; `*` stands for any characters. @public */
export type PolicyNames = Readonly<Record<string, readonly string[]>>;

/**
 * The requests that a host executes for others. The host checks every message before its kernel gets it: if one of a datagram is not
 * allowed, none is sent.
 *
 * Families have the names of their subpaths (`rt-link`), operations and groups those of the kernel (`getlink`, `rtnlgrp-link`).
 *
 * @example Reads links and the firewall, and may change routes, in some namespaces
 * ```ts
 * const policy = {
 *   families: { 'rt-*': ['get*'], nftables: ['get*'] },
 *   write: { 'rt-route': ['newroute', 'delroute'] },
 *   netns: ['blue*'],
 * };
 * ```
 * @public
 */
export interface RemotePolicy {
  /**
   * The operations that only read. A pattern never selects one that writes. Key material that the kernel sends to the host's program goes to the
   * client: WireGuard's `get-device` and IPsec's `getsa` contain keys.
   * @defaultValue `{ 'rt-*': ['get*'], tc: ['get*'], sock_diag: ['*'], nlctrl: ['get*'] }`
   */
  readonly families?: PolicyNames;
  /**
   * The operations that change something.
   * @defaultValue none
   */
  readonly write?: PolicyNames;
  /**
   * The multicast groups that a socket may join.
   * @defaultValue all groups of the families in `families`; all groups of routing netlink if one of its families is there
   */
  readonly groups?: PolicyNames;
  /**
   * The names of network namespaces, under /run/netns, in which sockets may be opened besides the one that the host serves.
   * @defaultValue none
   */
  readonly netns?: readonly string[];
}

const DEFAULT_FAMILIES: PolicyNames = { 'rt-*': ['get*'], tc: ['get*'], sock_diag: ['*'], nlctrl: ['get*'] };

const KNOWN: ReadonlySet<string> = new Set<keyof RemotePolicy>(['families', 'write', 'groups', 'netns']);

/** The part of a policy about one family. @internal */
export interface AllowedFamily {
  readonly name: FamilyName;
  readonly schema: FamilySchema;
  readonly operations: ReadonlySet<string>;
  /** The groups; undefined for all. */
  readonly groups: ReadonlySet<string> | undefined;
}

/**
 * Checks the options of a policy, and loads the descriptors of its families.
 *
 * @throws TypeError if a name is not known, or an operation is in the wrong list.
 * @internal
 */
export async function loadFamilies(policy: RemotePolicy): Promise<AllowedFamily[]> {
  if (typeof policy !== 'object' || (policy as unknown) === null)
    throw new TypeError(`serveRemote: policy must be an object, not ${kindOf(policy)}`);
  checkOptionNames('serveRemote: policy', policy, KNOWN);
  const { families = DEFAULT_FAMILIES, write = {}, groups } = policy;
  for (const [option, names] of Object.entries({ families, write, ...(groups !== undefined && { groups }) })) checkNames(option, names);
  const names = new Set([families, write, groups ?? {}].flatMap((one) => Object.keys(one).flatMap((pattern) => familiesOf(pattern))));
  const allowed = await Promise.all(
    [...names].map(async (name) => {
      const schema = await loadSchema(name);
      const writes = selected('write', write, name, schema, false);
      const { transaction } = schema;
      if (writes.size > 0 && transaction !== undefined) writes.add(transaction.begin).add(transaction.end);
      const operations = new Set([...selected('families', families, name, schema, true), ...writes]);
      return { name, schema, operations, groups: groups === undefined ? undefined : selectedGroups(groups, name, schema) };
    }),
  );
  // A client of a generic family asks the controller for its number.
  if (allowed.some(({ schema }) => schema.generic !== undefined) && !names.has('nlctrl')) {
    allowed.push({ name: 'nlctrl', schema: await loadSchema('nlctrl'), operations: new Set(['getfamily']), groups: new Set() });
  }
  // Messages of the CAN gateway have the numbers of routes: the policy needs both families to distinguish them.
  if (names.has('rt-route') && !names.has('rt-cangw')) {
    allowed.push({ name: 'rt-cangw', schema: await loadSchema('rt-cangw'), operations: new Set(), groups: new Set() });
  }
  return allowed;
}

/** Returns a test of names for a pattern with `*`. @internal */
export function matcher(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

function checkNames(option: string, names: PolicyNames): void {
  if (typeof names !== 'object' || (names as unknown) === null || Array.isArray(names)) {
    throw new TypeError(`serveRemote: policy.${option} must be an object of arrays by family, not ${kindOf(names)}`);
  }
  for (const [family, list] of Object.entries(names)) {
    if (!Array.isArray(list) || list.some((name) => typeof name !== 'string')) {
      throw new TypeError(`serveRemote: policy.${option}['${family}'] must be an array of names, not ${kindOf(list)}`);
    }
    if (familiesOf(family).length === 0) {
      throw new TypeError(`serveRemote: policy.${option}: family '${family}' is not known${suggestion(family, FAMILY_NAMES, '; ')}`);
    }
  }
}

function familiesOf(pattern: string): FamilyName[] {
  const test = matcher(pattern);
  return FAMILY_NAMES.filter((name) => test.test(name));
}

/** Returns the operations of a family that one list selects. */
function selected(option: 'families' | 'write', lists: PolicyNames, name: FamilyName, schema: FamilySchema, reads: boolean): Set<string> {
  const requests = schema.operations.filter((one) => one.do !== undefined || one.dump !== undefined).map((one) => one.name);
  const found = new Set<string>();
  for (const [family, patterns] of Object.entries(lists)) {
    if (!matcher(family).test(name)) continue;
    for (const pattern of patterns) {
      const test = matcher(pattern);
      const matching = requests.filter((one) => test.test(one));
      const chosen = matching.filter((one) => isRead(schema, one) === reads);
      for (const one of chosen) found.add(one);
      if (chosen.length > 0 || family.includes('*')) continue;
      if (matching.length > 0) {
        throw new TypeError(
          `serveRemote: policy.${option}: ${pattern} of ${name} ${reads ? 'writes: list it in policy.write' : 'only reads: list it in policy.families'}`,
        );
      }
      throw new TypeError(`serveRemote: policy.${option}: ${name} has no operation '${pattern}'${suggestion(pattern, requests, '; ')}`);
    }
  }
  return found;
}

function selectedGroups(lists: PolicyNames, name: FamilyName, { groups }: FamilySchema): Set<string> {
  const names = groups.map((group) => group.name);
  const found = new Set<string>();
  for (const [family, patterns] of Object.entries(lists)) {
    if (!matcher(family).test(name)) continue;
    for (const pattern of patterns) {
      const chosen = names.filter((one) => matcher(pattern).test(one));
      for (const one of chosen) found.add(one);
      if (chosen.length === 0 && !family.includes('*')) {
        throw new TypeError(`serveRemote: policy.groups: ${name} has no group '${pattern}'${suggestion(pattern, names, '; ')}`);
      }
    }
  }
  return found;
}
