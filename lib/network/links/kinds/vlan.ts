import { boolean, integer, list, type Check } from '../../fields/check.js';
import { computed, number, type Option } from '../../fields/option.js';
import { object, requireFields } from '../../fields/shape.js';
import { joinBits, splitBits, type Bits } from './bits.js';
import type { Kind } from './kind.js';
import { vlanProtocolOption, type VlanProtocol } from './vlan-protocol.js';

/** A priority and what it becomes. @public */
export interface VlanPriority {
  /** The priority of the packet. */
  readonly from: number;
  /** The priority in the tag, or the reverse for received packets. */
  readonly to: number;
}

/** The options of a VLAN (`IFLA_VLAN_*`). `parent` is the link that carries it. @public */
export interface VlanOptions {
  /** The number of the VLAN, 0 to 4094 (`IFLA_VLAN_ID`). */
  readonly id: number;
  /** The EtherType of the tags (`IFLA_VLAN_PROTOCOL`). */
  readonly protocol?: VlanProtocol;
  /** Received packets look as if they had no tag (`VLAN_FLAG_REORDER_HDR`). */
  readonly reorderHeader?: boolean;
  /** The link registers itself with GVRP (`VLAN_FLAG_GVRP`). */
  readonly gvrp?: boolean;
  /** The link registers itself with MVRP (`VLAN_FLAG_MVRP`). */
  readonly mvrp?: boolean;
  /** The link stays up while its parent is down (`VLAN_FLAG_LOOSE_BINDING`). */
  readonly looseBinding?: boolean;
  /** The state follows the ports of the bridge in this VLAN (`VLAN_FLAG_BRIDGE_BINDING`). */
  readonly bridgeBinding?: boolean;
  /** The priorities of sent packets, at the creation only (`IFLA_VLAN_EGRESS_QOS`). */
  readonly egressPriorities?: readonly VlanPriority[];
  /** The priorities of received packets, at the creation only (`IFLA_VLAN_INGRESS_QOS`). */
  readonly ingressPriorities?: readonly VlanPriority[];
}

const FLAGS: Bits = { reorderHeader: 1, gvrp: 2, looseBinding: 4, mvrp: 8, bridgeBinding: 16 };

const priority: Check = (value, path) => {
  const pair = object({ fields: { from: integer(0, 0xffff_ffff), to: integer(0, 0xffff_ffff) } })(value, path);
  requireFields(pair, ['from', 'to']);
  return pair;
};

function priorities(attribute: string): Option {
  const read = (value: unknown): unknown => (value as { readonly mapping?: readonly VlanPriority[] }).mapping;
  return { attribute, check: list(priority), read, write: (value) => ({ mapping: value }), fixed: true };
}

/** The kind `vlan`. @internal */
export const vlan: Kind<VlanOptions> = {
  options: {
    id: number('id', 4094, { fixed: true }),
    protocol: vlanProtocolOption('protocol', { fixed: true }),
    reorderHeader: computed('reorderHeader', boolean),
    gvrp: computed('gvrp', boolean),
    mvrp: computed('mvrp', boolean),
    looseBinding: computed('looseBinding', boolean),
    bridgeBinding: computed('bridgeBinding', boolean),
    egressPriorities: priorities('egressQos'),
    ingressPriorities: priorities('ingressQos'),
  },
  needs: ['parent', 'vlan.id'],
  fromData: (data) => splitBits(data, (data['flags'] as { readonly flags: number } | undefined)?.flags, FLAGS),
  toData: (data) => {
    const { value, mask, others } = joinBits(data, FLAGS);
    return mask === 0 ? others : { ...others, flags: { flags: value, mask } };
  },
};
