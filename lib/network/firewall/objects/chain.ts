import { omitUndefined } from '../../../check/index.js';
import { ChainFlags, type GetchainReply } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import { boolean, choice, linkName, list, text, type Check } from '../../fields/check.js';
import { normalise, requireFields, type Shape } from '../../fields/shape.js';
import type { FirewallChain, FirewallChainType, FirewallHook } from '../firewall.js';
import type { FirewallFamily } from '../rules/rule-context.js';
import { requireHookOfType, requirePriorityOfType } from './chain-types.js';
import { hookName, hookNumber, parsePriority, priorityText, requirePriorityAtHook } from './hooks.js';
import { CREATE, type Scope, type Thing } from './thing.js';
import { commentOf, commentUserdata } from './userdata.js';

/** A chain in the form in which it is compared. @internal */
export interface ChainThing extends Thing {
  readonly space: 'chain';
}

/** The settings of a base chain. */
interface Base {
  readonly type: string;
  readonly hook: number;
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  readonly devices: readonly string[];
}

interface ChainSettings {
  readonly name: string;
  readonly comment?: string | undefined;
  readonly offload?: boolean | undefined;
  readonly base?: Base | undefined;
}

/** Bytes of a name, without the NUL (`NFT_NAME_MAXLEN`). */
const NAME = 255;

/** Bytes of a comment: user data has 256 bytes, of which type, length and NUL take three. @internal */
export const COMMENT = 253;

/** Accepts names of tables and of what is in them. @internal */
export const nameCheck: Check<string> = text(NAME);

/** Accepts comments. @internal */
export const commentCheck: Check<string> = text(COMMENT);

const any: Check = (value) => value;

/** Only base chains have these properties. */
const OF_BASE = ['type', 'priority', 'policy', 'device', 'devices', 'offload'] as const;

/** The hooks that are bound to links. */
const ON_DEVICES: readonly FirewallHook[] = ['ingress', 'egress'];

function shapeFor(family: FirewallFamily): Shape {
  return {
    fields: {
      name: nameCheck,
      comment: commentCheck,
      type: choice<FirewallChainType>(['filter', 'nat', 'route']),
      hook: (value, path) => hookName(family, hookNumber(family, value, path)),
      priority: (value, path) => parsePriority(family, value, path),
      policy: choice(['accept', 'drop']),
      device: linkName(15),
      devices: list(linkName(15)),
      offload: boolean,
      rules: any,
    },
  };
}

/** Checks a chain of a document. @throws FieldError @internal */
export function parseChain(scope: Scope, family: FirewallFamily, value: unknown, path: string): ChainThing {
  const given = normalise<FirewallChain>(shapeFor(family), value, path);
  requireName(given, path);
  const { name, comment, hook, offload } = given;
  if (hook === undefined || hook === null) {
    const wrong = OF_BASE.find((property) => given[property] !== undefined);
    if (wrong !== undefined) throw new FieldError(`${path}.${wrong}`, 'only base chains have it; state a hook too');
    return chainThing(scope, family, omitUndefined({ name: name!, comment: comment ?? undefined }));
  }
  const type = given.type ?? 'filter';
  const priority = (given.priority as number | undefined) ?? 0;
  requireHookOfType(type, hook, `${path}.hook`);
  requirePriorityAtHook(family, hook, (value as FirewallChain).priority, `${path}.priority`);
  requirePriorityOfType(type, priority, `${path}.priority`);
  return chainThing(scope, family, {
    name: name!,
    comment: comment ?? undefined,
    offload: offload ?? undefined,
    base: {
      type,
      hook: hookNumber(family, hook, `${path}.hook`),
      priority,
      policy: given.policy ?? 'accept',
      devices: devicesOf(given as Partial<FirewallChain>, hook, path),
    },
  });
}

function devicesOf({ device, devices }: Partial<FirewallChain>, hook: FirewallHook, path: string): readonly string[] {
  if (device !== undefined && devices !== undefined) throw new FieldError(`${path}.devices`, 'state either device or devices');
  const all = device === undefined ? (devices ?? []) : [device];
  const isBound = ON_DEVICES.includes(hook);
  if (isBound && all.length === 0) throw new FieldError(`${path}.device`, `is required: chains of the hook ${hook} belong to links`);
  if (!isBound && all.length > 0)
    throw new FieldError(
      `${path}.${device === undefined ? 'devices' : 'device'}`,
      `chains of the hook ${hook} see the packets of all links`,
    );
  return [...new Set(all)].sort();
}

/** @throws FieldError if there is no name. @internal */
export function requireName(given: object, path: string): void {
  try {
    requireFields(given, ['name']);
  } catch {
    throw new FieldError(`${path}.name`, 'is required');
  }
}

/** Returns the chain of a row. @internal */
export function chainOfRow(scope: Scope, family: FirewallFamily, row: GetchainReply): ChainThing {
  const { name = '', hook, userdata, flags = 0 } = row;
  const offload = (flags & ChainFlags.HwOffload) !== 0 ? true : undefined;
  const devices = hook?.devs?.name ?? (hook?.dev === undefined ? [] : [hook.dev]);
  return chainThing(scope, family, {
    name,
    comment: commentOf(userdata),
    offload,
    base:
      hook === undefined
        ? undefined
        : {
            type: row.type ?? 'filter',
            hook: hook.num ?? 0,
            priority: hook.priority ?? 0,
            policy: row.policy === 'drop' || row.policy === 0 ? 'drop' : 'accept',
            devices: [...devices].sort(),
          },
  });
}

function chainThing(scope: Scope, family: FirewallFamily, { name, comment, offload, base }: ChainSettings): ChainThing {
  const hook = base === undefined ? undefined : (hookName(family, base.hook) ?? base.hook);
  const priority = base && priorityText(family, hookName(family, base.hook), base.priority);
  const request = { ...scope, name };
  const hookOf = (devices: readonly string[]): object => ({
    hook: { num: base!.hook, priority: base!.priority, ...(devices.length > 0 && { devs: { name: devices } }) },
  });
  return {
    space: 'chain',
    scope,
    noun: 'chain',
    name,
    settings: omitUndefined({
      ...(base !== undefined && { type: base.type, hook, priority, policy: base.policy, ...deviceSetting(base.devices) }),
      offload: offload === true ? true : undefined,
      comment,
    }),
    inPlace: ['policy', 'device', 'devices'],
    create: () => ({
      op: 'newchain',
      request: {
        ...request,
        ...(base !== undefined && {
          type: base.type,
          ...hookOf(base.devices),
          policy: base.policy,
          flags: ChainFlags.Base | (offload === true ? ChainFlags.HwOffload : 0),
        }),
        ...commentUserdata(comment),
      },
      options: CREATE,
    }),
    remove: () => ({ op: 'delchain', request }),
    change(found) {
      // The kernel adds the devices of a chain that is there, and removes those of a deletion.
      const removed = devicesIn(found.settings).filter((device) => base?.devices.includes(device) !== true);
      return removed.length === 0 ? [] : [{ op: 'delchain', request: { ...request, ...hookOf(removed) } }];
    },
  };
}

function deviceSetting(devices: readonly string[]): object {
  if (devices.length === 0) return {};
  return devices.length === 1 ? { device: devices[0] } : { devices };
}

function devicesIn({ device, devices }: Thing['settings']): readonly string[] {
  return device === undefined ? ((devices as readonly string[] | undefined) ?? []) : [device as string];
}

/** Returns a chain as a document has it, without its rules and defaults. @internal */
export function chainDocument({ name, settings }: ChainThing): Omit<FirewallChain, 'rules'> {
  return { name, ...settings };
}
