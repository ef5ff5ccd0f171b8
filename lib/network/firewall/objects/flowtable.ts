import { omitUndefined } from '../../../check/index.js';
import { NetdevHook, type GetflowtableReply } from '../../../families/nftables.js';
import { boolean, linkName, list } from '../../fields/check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import type { Flowtable } from '../firewall.js';
import type { FirewallFamily } from '../rules/rule-context.js';
import { nameCheck, requireName } from './chain.js';
import { parsePriority, priorityText } from './hooks.js';
import { CREATE, type Scope, type Thing } from './thing.js';

/** The flags of a flowtable (`NFT_FLOWTABLE_*`). */
const HW_OFFLOAD = 1;
const COUNTER = 2;

interface FlowtableSettings {
  readonly name: string;
  readonly priority: number;
  readonly devices: readonly string[];
  readonly flags: number;
}

/** The family whose names of priorities `nft` has for flowtables of all families. */
const PRIORITIES: FirewallFamily = 'netdev';

const shape: Shape = {
  fields: {
    name: nameCheck,
    priority: (value, path) => parsePriority(PRIORITIES, value, path),
    devices: list(linkName(15)),
    counter: boolean,
    offload: boolean,
  },
};

/** Checks a flowtable of a document. @throws FieldError @internal */
export function parseFlowtable(scope: Scope, value: unknown, path: string): Thing {
  const given = normalise<Flowtable>(shape, value, path);
  requireName(given, path);
  const { name, priority, devices, counter, offload } = given;
  return flowtableThing(scope, {
    name: name!,
    priority: (priority as number | undefined) ?? 0,
    devices: [...new Set(devices ?? [])].sort(),
    flags: (counter === true ? COUNTER : 0) | (offload === true ? HW_OFFLOAD : 0),
  });
}

/** Returns the flowtable of a row. @internal */
export function flowtableOfRow(scope: Scope, { name = '', hook, flags = 0 }: GetflowtableReply): Thing {
  return flowtableThing(scope, {
    name,
    priority: hook?.priority ?? 0,
    devices: [...(hook?.devs?.name ?? [])].sort(),
    flags,
  });
}

function flowtableThing(scope: Scope, { name, priority, devices, flags }: FlowtableSettings): Thing {
  const request = { ...scope, name };
  const hookOf = (names: readonly string[]): object => ({
    hook: { num: NetdevHook.Ingress, priority, ...(names.length > 0 && { devs: { name: names } }) },
  });
  return {
    space: 'flowtable',
    scope,
    noun: 'flowtable',
    name,
    settings: omitUndefined({
      priority: priorityText(PRIORITIES, 'ingress', priority),
      devices: devices.length > 0 ? devices : undefined,
      counter: (flags & COUNTER) !== 0 ? true : undefined,
      offload: (flags & HW_OFFLOAD) !== 0 ? true : undefined,
    }),
    inPlace: ['devices', 'counter'],
    create: () => ({ op: 'newflowtable', request: { ...request, ...hookOf(devices), flags }, options: CREATE }),
    remove: () => ({ op: 'delflowtable', request }),
    change({ settings }) {
      const found = (settings['devices'] as readonly string[] | undefined) ?? [];
      const removed = found.filter((device) => !devices.includes(device));
      return removed.length === 0 ? [] : [{ op: 'delflowtable', request: { ...request, ...hookOf(removed) } }];
    },
  };
}

/** Returns a flowtable as a document has it. @internal */
export function flowtableDocument({ name, settings }: Thing): Flowtable {
  return { name, ...settings };
}
