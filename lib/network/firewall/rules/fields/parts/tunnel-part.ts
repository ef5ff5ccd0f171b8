import type { TunnelName } from '../field-names.js';
import { plainInteger } from '../../../data/integers.js';
import { dataType } from '../../../data/data-types.js';
import type { RuleExpression } from '../../rule-context.js';
import type { Part } from '../part.js';
import { loadHeader, payloadPart } from '../payload-part.js';
import { selectorOfPlain } from '../plain-selector.js';

/** The settings of the expression `inner`: the kind (`NFT_INNER_*`), the headers that are inside, and the bytes of the header. */
interface TunnelLayout {
  readonly type: number;
  readonly flags: number;
  readonly hdrsize: number;
  /** The protocol of the packets that carry the tunnel. */
  readonly carrier: 'udp' | 'gre';
  /** True if the inner packets start with a header of Ethernet. */
  readonly hasLink: boolean;
}

/** All tunnels. @internal */
export const TUNNELS: Readonly<Record<TunnelName, TunnelLayout>> = {
  vxlan: { type: 1, flags: 15, hdrsize: 8, carrier: 'udp', hasLink: true },
  geneve: { type: 2, flags: 15, hdrsize: 8, carrier: 'udp', hasLink: true },
  gre: { type: 3, flags: 12, hdrsize: 4, carrier: 'gre', hasLink: false },
  gretap: { type: 4, flags: 14, hdrsize: 4, carrier: 'gre', hasLink: true },
};

const ownField = (name: string, offset: number, len: number, type = plainInteger(len * 8, 'network')): Part => {
  const header = { base: 'tun-header', offset, len } as const;
  return { name, protocol: name.slice(0, name.indexOf('.')), header, shift: 0, type, load: (dreg) => loadHeader(header, dreg) };
};

/** The fields of the headers of tunnels. */
const OWN_FIELDS: readonly Part[] = [
  ownField('vxlan.flags', 0, 1),
  ownField('vxlan.vni', 4, 3),
  ownField('geneve.type', 2, 2, dataType('ether_type')),
  ownField('geneve.vni', 4, 3),
];

/** Returns true for the name of a tunnel. @internal */
export function isTunnel(name: unknown): name is TunnelName {
  return typeof name === 'string' && Object.hasOwn(TUNNELS, name);
}

/** Returns a field of the header of a tunnel, or of a packet inside, before `innerPart`. @internal */
export function tunnelField(tunnel: TunnelName, protocol: string, field: string): Part | undefined {
  const name = `${protocol}.${field}`;
  return protocol === tunnel ? OWN_FIELDS.find((part) => part.name === name) : payloadPart(name);
}

/** Returns the field of the header of a tunnel that has these bytes. @internal */
export function ownFieldAt(tunnel: TunnelName, offset: number, len: number): Part | undefined {
  return OWN_FIELDS.find(({ protocol, header }) => protocol === tunnel && header!.offset === offset && header!.len === len);
}

/** Returns a part of the packet inside a tunnel. @internal */
export function innerPart(part: Part, tunnel: TunnelName): Part {
  const plain = selectorOfPlain(part.name);
  const selector = 'payload' in plain && 'protocol' in plain.payload ? { payload: { tunnel, ...plain.payload } } : plain;
  return { ...part, tunnel, selector, load: (dreg) => inner(tunnel, part.load(dreg)) };
}

/** Returns an expression that runs on the packet inside a tunnel. @internal */
export function inner(tunnel: TunnelName, expr: RuleExpression): RuleExpression {
  const { type, flags, hdrsize } = TUNNELS[tunnel];
  return { name: 'inner', data: { num: 0, type, flags, hdrsize, expr } };
}

/** Returns the tunnel of an expression `inner`. @internal */
export function tunnelOf(type: unknown): TunnelName | undefined {
  return (Object.keys(TUNNELS) as TunnelName[]).find((name) => TUNNELS[name].type === Number(type));
}
