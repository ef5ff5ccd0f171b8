import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { omitUndefined } from '../../lib/check/index.js';

import { isKernelError } from '../../lib/errors/index.js';
import { netlink, type NetlinkSocket } from '../../lib/socket/index.js';
import {
  AttributeEncoder,
  AttributeReader,
  GENERIC_HEADER_SIZE,
  MessageFlags,
  Protocol,
  encodeGenericPayload,
  type Message,
} from '../../lib/wire/index.js';

/* Numbers of linux/genetlink.h and linux/netlink.h, independent of the descriptors. */
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_CMD_GETPOLICY = 10;
const Ctrl = { FamilyId: 1, FamilyName: 2, McastGroups: 7, Policy: 8, OpPolicy: 9 } as const;
const GROUP_NAME = 1;
const Op = { Do: 1, Dump: 2 } as const;
const Type = { Type: 1, MinS: 2, MaxS: 3, MinU: 4, MaxU: 5, MinLength: 6, MaxLength: 7, PolicyIndex: 8, Mask: 12 } as const;
const TYPE_NAMES = [
  ...['invalid', 'flag', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'binary', 'string', 'nul-string'],
  ...['nested', 'nested-array', 'bitfield32', 'sint', 'uint'],
];

/** An attribute in a policy of the kernel. */
export interface PolicyAttribute {
  readonly id: number;
  /** The name of `NL_ATTR_TYPE_*` in lower case. */
  readonly type: string;
  readonly min?: bigint;
  readonly max?: bigint;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly mask?: bigint;
  /** The index of the policy of the nested attributes. */
  readonly nested?: number;
}

/** The policies of a generic family of the kernel. */
export interface KernelFamily {
  readonly groups: readonly string[];
  /** The policies by index, each with its attributes by type. */
  readonly policies: ReadonlyMap<number, ReadonlyMap<number, PolicyAttribute>>;
  /** The indexes of the commands' policies. */
  readonly commands: ReadonlyMap<number, { readonly do?: number; readonly dump?: number }>;
}

/** Requests the policies of a generic family from the kernel; returns undefined if there is no family of that name. */
export async function kernelFamily(name: string): Promise<KernelFamily | undefined> {
  const socket = netlink(Protocol.Generic);
  using _lease = socket.connect();
  const attributes = new AttributeEncoder().string(Ctrl.FamilyName, name).encode();
  const [family] = await all(ask(socket, CTRL_CMD_GETFAMILY, 0, attributes)).catch((error: unknown) => {
    if (isKernelError(error, 'ENOENT')) return [];
    throw error;
  });
  if (family === undefined) return undefined;
  const groups = [...nest(attributesOf(family), Ctrl.McastGroups)].map((group) => group.attributes().find(GROUP_NAME)!.string());
  const policies = new Map<number, Map<number, PolicyAttribute>>();
  const commands = new Map<number, { do?: number; dump?: number }>();
  const parts = await all(ask(socket, CTRL_CMD_GETPOLICY, MessageFlags.Dump, attributes)).catch((error: unknown) => {
    // A family without operations.
    if (isKernelError(error, 'ENODATA')) return [];
    throw error;
  });
  for (const part of parts) {
    for (const command of nest(attributesOf(part), Ctrl.OpPolicy)) {
      const [simple, dump] = [Op.Do, Op.Dump].map((mode) => command.attributes().find(mode)?.uint32());
      commands.set(command.type, omitUndefined({ do: simple, dump }));
    }
    for (const policy of nest(attributesOf(part), Ctrl.Policy)) {
      const known = policies.get(policy.type) ?? new Map<number, PolicyAttribute>();
      policies.set(policy.type, known);
      for (const attribute of policy.attributes()) known.set(attribute.type, readPolicy(attribute.type, attribute.attributes()));
    }
  }
  return { groups, policies, commands };
}

function readPolicy(id: number, attributes: AttributeReader): PolicyAttribute {
  const big = (type: number, signed: boolean): bigint | undefined => {
    const found = attributes.find(type);
    return signed ? found?.int64() : found?.uint64();
  };
  const small = (type: number): number | undefined => attributes.find(type)?.uint32();
  const limits = {
    min: big(Type.MinS, true) ?? big(Type.MinU, false),
    max: big(Type.MaxS, true) ?? big(Type.MaxU, false),
    minLength: small(Type.MinLength),
    maxLength: small(Type.MaxLength),
    mask: big(Type.Mask, false),
    nested: small(Type.PolicyIndex),
  };
  const type = small(Type.Type) ?? 0;
  return { id, type: TYPE_NAMES[type] ?? String(type), ...present(limits) };
}

/** Returns an object without its undefined properties. */
function present<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

function ask(socket: NetlinkSocket, command: number, flags: number, attributes: Uint8Array): Observable<Message> {
  return socket.request({ type: GENL_ID_CTRL, flags, payload: encodeGenericPayload({ command }, attributes) });
}

function all<T>(source: Observable<T>): Promise<T[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] });
}

function attributesOf({ payload }: Message): AttributeReader {
  return new AttributeReader(payload, { start: GENERIC_HEADER_SIZE });
}

function nest(attributes: AttributeReader, type: number): AttributeReader {
  return attributes.find(type)?.attributes() ?? new AttributeReader(new Uint8Array());
}
