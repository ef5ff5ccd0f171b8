import { omitUndefined } from '../../check/index.js';
import type { NewlinkRequest } from '../../families/rt-link.js';
import { writeOptions, type OptionTable } from '../fields/option-table.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { kinds } from './kinds/kinds.js';
import { FLAGS } from './link-rows.js';
import { BOND_PORT } from './ports/bond-port.js';
import { BRIDGE_PORT } from './ports/bridge-port.js';
import { IPV4 } from './settings/ipv4-settings.js';
import { IPV6 } from './settings/ipv6-settings.js';
import { OFFLOAD } from './settings/offload-settings.js';

/** The properties of a link that differ, by path: `mtu`, `bridge.ageing`; all if it is new. @internal */
export type Paths = ReadonlySet<string>;

/** Returns the flags of a request and their mask; `undefined` if none of them is written. @internal */
export function flagsOf(wanted: Wanted, paths: Paths): Pick<NewlinkRequest, 'ifiFlags' | 'ifiChange'> | undefined {
  let [ifiFlags, ifiChange] = [0, 0];
  for (const [name, flag, inverse] of FLAGS) {
    if (!paths.has(name)) continue;
    ifiChange |= flag;
    if ((wanted[name] === true) !== (inverse === true)) ifiFlags |= flag;
  }
  return ifiChange === 0 ? undefined : { ifiFlags, ifiChange };
}

/** Returns the attributes that the kernel accepts for a new link too. @internal */
export function basicsOf(wanted: Wanted, paths: Paths): NewlinkRequest {
  const { mtu, mac, group, txQueueLength } = only(wanted, paths) as Record<string, never>;
  return omitUndefined({ mtu, address: mac, group, txqlen: txQueueLength });
}

/** Returns the attributes that the kernel accepts for an existing link only. @internal */
export function settingsOf(wanted: Wanted, paths: Paths, names: LinkNames): NewlinkRequest {
  const { alias } = only(wanted, paths) as { readonly alias?: string | null };
  const part = (name: string, table: OptionTable): Record<string, unknown> | undefined => {
    const written = writeOptions(table, inside(wanted, name, paths), names);
    return Object.keys(written).length === 0 ? undefined : written;
  };
  const [inet, inet6] = [part('ipv4', IPV4), part('ipv6', IPV6)];
  return omitUndefined({
    ifalias: alias === undefined ? undefined : (alias ?? ''),
    ...part('offload', OFFLOAD),
    afSpec:
      inet === undefined && inet6 === undefined
        ? undefined
        : omitUndefined({ inet: inet === undefined ? undefined : { conf: inet }, inet6 }),
  });
}

/** Returns the kind with its changed options; `undefined` if none is changed. @internal */
export function kindChange(wanted: Wanted, paths: Paths, names: LinkNames): NewlinkRequest['linkinfo'] | undefined {
  const { kind, options } = wanted as { readonly kind?: string; readonly options?: object };
  if (kind === undefined) return undefined;
  const known = kinds.get(kind);
  if (known === undefined)
    return [...paths].some((path) => path.startsWith('options')) ? ({ kind, data: options } as NewlinkRequest['linkinfo']) : undefined;
  if (known.separate === true) return undefined;
  const changed = inside(wanted, kind, paths);
  if (Object.keys(changed).length === 0) return undefined;
  const all = (wanted[kind] ?? {}) as Wanted;
  const parent = wanted['parent'] as string | undefined;
  const underlay = known.whole === true && known.parentIn === 'link' && parent !== undefined ? { link: names.indexOf(parent) } : {};
  const written = { ...writeOptions(known.options, known.whole === true ? all : changed, names), ...underlay };
  return { kind, data: known.toData?.(written, all) ?? written } as NewlinkRequest['linkinfo'];
}

/**
 * Returns the kind of a new link with its options.
 *
 * @param parent - The index of the parent, if the kind has it among its options.
 * @internal
 */
export function newKind(wanted: Wanted, names: LinkNames, parent: number | undefined): NewlinkRequest['linkinfo'] {
  const { kind, options } = wanted as { readonly kind: string; readonly options?: object };
  const known = kinds.get(kind);
  if (known === undefined) return omitUndefined({ kind, data: options }) as NewlinkRequest['linkinfo'];
  const all = (wanted[kind] ?? {}) as Wanted;
  const sent = Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== null && !isInitial(known.options, name, value)));
  const written = { ...writeOptions(known.options, sent, names), ...(parent !== undefined && { link: parent }) };
  const data = known.toData?.(written, all) ?? written;
  return (Object.keys(data).length === 0 ? { kind } : { kind, data }) as NewlinkRequest['linkinfo'];
}

/** Returns the changed settings of a port, and the kind of its master; `undefined` if none is changed. @internal */
export function portChange(wanted: Wanted, paths: Paths, names: LinkNames): PortChange | undefined {
  for (const [property, slaveKind, table] of PORTS) {
    const changed = inside(wanted, property, paths);
    if (Object.keys(changed).length === 0) continue;
    const linkinfo = { slaveKind, slaveData: writeOptions(table, changed, names) } as PortChange['linkinfo'];
    return { property, slaveKind, linkinfo };
  }
  return undefined;
}

/** The settings of a port to write. @internal */
export interface PortChange {
  readonly property: string;
  /** The kind that the master must have: the kernel does not check it, and would read the settings as those of another kind. */
  readonly slaveKind: string;
  readonly linkinfo: NonNullable<NewlinkRequest['linkinfo']>;
}

const PORTS: readonly (readonly [property: string, slaveKind: string, table: OptionTable])[] = [
  ['bridgePort', 'bridge', BRIDGE_PORT],
  ['bondPort', 'bond', BOND_PORT],
];

function isInitial(table: OptionTable, name: string, value: unknown): boolean {
  const initial = table[name]?.initial;
  return initial !== undefined && JSON.stringify(initial) === JSON.stringify(value);
}

/** Returns the properties that differ. */
function only(wanted: Wanted, paths: Paths): Wanted {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => paths.has(name)));
}

/** Returns the options of one property that differ. */
function inside(wanted: Wanted, property: string, paths: Paths): Wanted {
  const options = wanted[property];
  if (typeof options !== 'object' || options === null) return {};
  return Object.fromEntries(Object.entries(options).filter(([name]) => paths.has(`${property}.${name}`)));
}

/** Returns the paths of all properties of an object. @internal */
export function allPaths(wanted: Wanted): Paths {
  const paths = new Set<string>();
  for (const [name, value] of Object.entries(wanted)) {
    paths.add(name);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const inner of Object.keys(value)) paths.add(`${name}.${inner}`);
  }
  return paths;
}
