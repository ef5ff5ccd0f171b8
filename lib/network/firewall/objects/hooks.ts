import { suggestion } from '../../../check/index.js';
import { ArpHook, BridgeHook, InetHook, NetdevHook, NfProtocol } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import { integer } from '../../fields/check.js';
import type { FirewallHook } from '../firewall.js';
import type { FirewallFamily } from '../rules/rule-context.js';

/** The numbers of the families. @internal */
export const FAMILIES: Readonly<Record<FirewallFamily, number>> = {
  inet: NfProtocol.Inet,
  ip: NfProtocol.Ipv4,
  ip6: NfProtocol.Ipv6,
  arp: NfProtocol.Arp,
  bridge: NfProtocol.Bridge,
  netdev: NfProtocol.Netdev,
};

/** Returns the family of a number; undefined if it is not known. @internal */
export function familyOf(number: number): FirewallFamily | undefined {
  return (Object.keys(FAMILIES) as FirewallFamily[]).find((name) => FAMILIES[name] === number);
}

type HookNumbers = Readonly<Partial<Record<FirewallHook, number>>>;

const IP: HookNumbers = {
  prerouting: InetHook.PreRouting,
  input: InetHook.LocalIn,
  forward: InetHook.Forward,
  output: InetHook.LocalOut,
  postrouting: InetHook.PostRouting,
};

/** The hooks of each family. */
const HOOKS: Readonly<Record<FirewallFamily, HookNumbers>> = {
  inet: { ...IP, ingress: InetHook.Ingress },
  ip: IP,
  ip6: IP,
  arp: { input: ArpHook.In, output: ArpHook.Out },
  bridge: {
    prerouting: BridgeHook.PreRouting,
    input: BridgeHook.LocalIn,
    forward: BridgeHook.Forward,
    output: BridgeHook.LocalOut,
    postrouting: BridgeHook.PostRouting,
  },
  netdev: { ingress: NetdevHook.Ingress, egress: NetdevHook.Egress },
};

/** Returns the number of a hook. @throws FieldError @internal */
export function hookNumber(family: FirewallFamily, value: unknown, path: string): number {
  const hooks = HOOKS[family];
  const number = typeof value === 'string' && Object.hasOwn(hooks, value) ? hooks[value as FirewallHook] : undefined;
  if (number !== undefined) return number;
  const names = Object.keys(hooks);
  const hint = typeof value === 'string' ? suggestion(value, names, '; ') : '';
  throw new FieldError(path, `'${String(value)}' is not a hook of the family ${family}; there are ${names.join(', ')}${hint}`);
}

/** Returns the name of a hook; undefined if the number is not known. @internal */
export function hookName(family: FirewallFamily, number: number | undefined): FirewallHook | undefined {
  return (Object.keys(HOOKS[family]) as FirewallHook[]).find((name) => HOOKS[family][name] === number);
}

/** The names of priorities: those of Netfilter's own functions (`NF_IP_PRI_*`, `NF_BR_PRI_*`), as `nft` names them. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 };
const BRIDGE_PRIORITIES: Readonly<Record<string, number>> = { dstnat: -300, filter: -200, out: 100, srcnat: 300 };
const FILTER_ONLY: Readonly<Record<string, number>> = { filter: 0 };

/** The largest distance from a name at which `nft` prints it. */
const NEAR = 10;

const int32 = integer(-0x8000_0000, 0x7fff_ffff);

/** Returns the number of a priority. @throws FieldError @internal */
export function parsePriority(family: FirewallFamily, value: unknown, path: string): number {
  if (typeof value !== 'string') return int32(value, path);
  const names = prioritiesOf(family);
  const [, name, sign, offset = '0'] = /^\s*([a-z]+)\s*(?:([+-])\s*(\d+))?\s*$/.exec(value) ?? [];
  if (name !== undefined && Object.hasOwn(names, name)) return int32(names[name]! + (sign === '-' ? -1 : 1) * Number(offset), path);
  if (/^-?\d+$/.test(value)) return int32(Number(value), path);
  const known = Object.keys(names);
  throw new FieldError(
    path,
    `'${value}' is not a priority of the family ${family}; expected a number, ${known.join(', ')}, or 'filter + 5'`,
  );
}

/** @throws FieldError if `nft` does not have the name of a priority at a hook. @internal */
export function requirePriorityAtHook(family: FirewallFamily, hook: FirewallHook, written: unknown, path: string): void {
  const [name] = (typeof written === 'string' && /[a-z]+/.exec(written)) || [];
  if (name === undefined || belongs(family, hook, name)) return;
  const hooks = (Object.keys(HOOKS[family]) as FirewallHook[]).filter((other) => belongs(family, other, name));
  const number = parsePriority(family, written, path);
  throw new FieldError(
    path,
    `'${name}' is a priority of the hook ${hooks.join(' or ')}, not of ${hook}; write ${number} for the same place`,
  );
}

/** Returns a priority as `nft` prints it: a name if one is near. @internal */
export function priorityText(family: FirewallFamily, hook: FirewallHook | undefined, priority: number): number | string {
  const near = Object.entries(prioritiesOf(family)).find(
    ([name, number]) => Math.abs(number - priority) <= NEAR && belongs(family, hook, name),
  );
  if (near === undefined) return priority;
  const [name, number] = near;
  const distance = priority - number;
  return distance === 0 ? name : `${name} ${distance < 0 ? '-' : '+'} ${Math.abs(distance)}`;
}

function prioritiesOf(family: FirewallFamily): Readonly<Record<string, number>> {
  if (family === 'bridge') return BRIDGE_PRIORITIES;
  return family === 'arp' || family === 'netdev' ? FILTER_ONLY : PRIORITIES;
}

/** Returns true if `nft` uses a name of a priority at a hook. */
function belongs(family: FirewallFamily, hook: FirewallHook | undefined, name: string): boolean {
  if (name === 'dstnat') return hook === 'prerouting' || (hook === 'output' && family !== 'bridge');
  if (name === 'srcnat') return hook === 'postrouting' || (hook === 'input' && family !== 'bridge');
  return name !== 'out' || hook === 'output';
}
