import { expect } from 'chai';
import { overlays } from '../../lib/codegen/overlays/index.js';
import type { FamilySchema, ValueSchema } from '../../lib/schema/descriptor/descriptor.js';
import { ownSpecifications } from '../../scripts/generate/specifications.js';
import { loadSchemas } from './generated.js';

/** The families that specs/ describes; `own-specifications-spec.ts` counts their attributes and operations. */
const OWN = new Set(ownSpecifications().map(({ file }) => file.replace(/\.yaml$/, '')));

/**
 * The attributes and operations of each specification of the kernel, counted in the YAML without the generator: entries of all sets except
 * subsets, including pads and unused ones, and entries of the lists of operations.
 */
const COUNTS: Readonly<Record<string, readonly [attributes: number, operations: number]>> = {
  binder: [10, 1],
  conntrack: [95, 2],
  'dev-energymodel': [12, 5],
  devlink: [192, 57],
  dpll: [46, 12],
  drm_ras: [8, 3],
  ethtool: [396, 74],
  fou: [12, 4],
  handshake: [14, 3],
  lockd: [3, 2],
  mptcp_pm: [47, 12],
  net_shaper: [22, 5],
  netdev: [82, 16],
  nfsd: [84, 19],
  nftables: [199, 33],
  nl80211: [473, 3],
  nlctrl: [28, 2],
  ovpn: [35, 11],
  ovs_datapath: [9, 3],
  ovs_flow: [118, 2],
  ovs_packet: [12, 3],
  ovs_vport: [15, 3],
  psp: [27, 12],
  'rt-addr': [12, 4],
  'rt-link': [378, 6],
  'rt-neigh': [46, 7],
  'rt-route': [50, 5],
  'rt-rule': [30, 5],
  sunrpc_cache: [15, 6],
  tc: [604, 12],
  tcp_metrics: [20, 2],
  team: [23, 4],
  wireguard: [25, 2],
};

/** The groups of families of the kernel's specifications: names, and numbers if the kernel fixes them. */
const GROUPS: Readonly<Record<string, readonly (string | readonly [string, number])[]>> = {
  binder: ['report'],
  conntrack: [
    ['nfnlgrp-conntrack-new', 1],
    ['nfnlgrp-conntrack-update', 2],
    ['nfnlgrp-conntrack-destroy', 3],
  ],
  'dev-energymodel': ['event'],
  devlink: ['config'],
  dpll: ['monitor'],
  ethtool: ['monitor'],
  handshake: ['none', 'tlshd'],
  mptcp_pm: ['mptcp_pm_cmds', 'mptcp_pm_events'],
  netdev: ['mgmt', 'page-pool'],
  nfsd: ['none', 'exportd'],
  nftables: [
    ['mgmt', 7],
    ['trace', 9],
  ],
  nl80211: ['config', 'scan', 'regulatory', 'mlme', 'vendor', 'nan', 'testmode'],
  nlctrl: [['notify', 16]],
  ovpn: ['peers'],
  ovs_datapath: ['ovs_datapath'],
  ovs_flow: ['ovs_flow'],
  ovs_vport: ['ovs_vport'],
  psp: ['mgmt', 'use'],
  'rt-addr': [
    ['rtnlgrp-ipv4-ifaddr', 5],
    ['rtnlgrp-ipv6-ifaddr', 9],
    ['rtnlgrp-ipv4-mcaddr', 37],
    ['rtnlgrp-ipv6-mcaddr', 38],
    ['rtnlgrp-ipv6-acaddr', 39],
  ],
  'rt-link': [
    ['rtnlgrp-link', 1],
    ['rtnlgrp-stats', 36],
  ],
  'rt-neigh': [['rtnlgrp-neigh', 3]],
  'rt-route': [
    ['rtnlgrp-ipv4-route', 7],
    ['rtnlgrp-ipv6-route', 11],
    ['rtnlgrp-ipv4-mroute', 6],
    ['rtnlgrp-ipv6-mroute', 10],
    ['rtnlgrp-mpls-route', 27],
    ['rtnlgrp-ipv4-mroute-r', 30],
    ['rtnlgrp-ipv6-mroute-r', 31],
    ['rtnlgrp-nexthop', 32],
  ],
  'rt-rule': [
    ['rtnlgrp-ipv4-rule', 8],
    ['rtnlgrp-ipv6-rule', 19],
  ],
  sunrpc_cache: ['none', 'exportd'],
  tc: [['rtnlgrp-tc', 4]],
  team: ['change_event'],
};

/** Counts the additions of an overlay; attributes of subsets do not count. */
function additions({ source, sets }: FamilySchema): { attributes: number; operations: number } {
  const subsets = new Set(sets.flatMap(({ name, subsetOf }) => (subsetOf === undefined ? [] : [name])));
  let [attributes, operations] = [0, 0];
  for (const entry of overlays.find((overlay) => overlay.source === source)?.entries ?? []) {
    if ('addAttributes' in entry && !subsets.has(entry.set)) attributes += entry.addAttributes.length;
    if ('addSets' in entry) {
      for (const set of entry.addSets) if (set['subset-of'] === undefined) attributes += (set['attributes'] as unknown[]).length;
    }
    if ('addOperations' in entry) operations += entry.addOperations.length;
  }
  return { attributes, operations };
}

function attributesOf({ sets }: FamilySchema): number {
  return sets.reduce((sum, set) => sum + (set.subsetOf === undefined ? set.attributes.length : 0), 0);
}

describe('generated families', () => {
  let schemas: readonly FamilySchema[] = [];
  before(async function () {
    this.timeout(30_000);
    schemas = await loadSchemas();
  });

  it('hold all 3,142 attributes and 340 operations of 33 specifications', () => {
    const described = schemas.filter(({ source }) => !OWN.has(source));
    const counted = described.map((schema) => {
      const added = additions(schema);
      return [schema.source, attributesOf(schema) - added.attributes, schema.operations.length - added.operations] as const;
    });
    expect(Object.fromEntries(counted.map(([source, ...counts]) => [source, counts]))).to.deep.equal(COUNTS);
    expect(counted).to.have.length(33);
    expect(counted.reduce((sum, [, attributes]) => sum + attributes, 0)).to.equal(3142);
    expect(counted.reduce((sum, [, , operations]) => sum + operations, 0)).to.equal(340);
  });

  it('have the groups of the kernel', () => {
    const groups = schemas.filter((schema) => !OWN.has(schema.source) && schema.groups.length > 0);
    const listed = groups.map((schema) => [
      schema.source,
      schema.groups.map(({ name, number }) => (number === undefined ? name : [name, number])),
    ]);
    expect(Object.fromEntries(listed)).to.deep.equal(GROUPS);
  });

  it('have groups if they have notifications, with fixed numbers except for generic families', () => {
    for (const { source, operations, groups, protocol } of schemas) {
      const notifying = operations.filter(({ notify, event, unicast }) => unicast !== true && (notify !== undefined || event === true));
      if (notifying.length > 0) expect(groups, `${source} notifies`).not.to.be.empty;
      if (protocol !== 16) for (const { name, number } of groups) expect(number, `${source} ${name}`).to.be.a('number');
      for (const { name, groups: own = [], command } of notifying) {
        expect(command, `${source} ${name}`).to.be.a('number');
        for (const group of own) expect(groups.map(({ name }) => name)).to.include(group);
      }
    }
  });

  it('have a notification or event for every group', () => {
    const unused: string[] = [];
    for (const { source, operations, groups } of schemas) {
      const notifying = operations.filter(({ notify, event, unicast }) => unicast !== true && (notify !== undefined || event === true));
      for (const { name } of groups) {
        if (!notifying.some((operation) => operation.groups?.includes(name) ?? true)) unused.push(`${source} ${name}`);
      }
    }
    // The kernel repeats commands of other programs in mptcp_pm_cmds; the specification does not describe their form. It sends nothing to the others.
    expect(unused).to.deep.equal([
      ...[
        'mptcp_pm mptcp_pm_cmds',
        'nfsd none',
        'nl802154 config',
        'ovs_ct_limit ovs_ct_limit',
        'ovs_meter ovs_meter',
        'sunrpc_cache none',
      ],
    ]);
  });

  it('have a notification for every NEW and DEL of rtnetlink, nftables and conntrack', () => {
    const missing: string[] = [];
    for (const { source, operations, protocol } of schemas) {
      if (protocol === 16) continue;
      const numbers = new Set(operations.flatMap(({ command }) => (command === undefined ? [] : [command])));
      for (const { name, do: run } of operations) {
        if (/^(?:new|del|delete)/.test(name) && run !== undefined && !numbers.has(run.request)) missing.push(`${source} ${name}`);
      }
    }
    // The kernel reports rules of audit by records, which are text, links by RTM_NEWLINK, and the other objects not at all.
    expect(missing).to.deep.equal([
      ...['audit del-rule', 'conntrack_helper new', 'conntrack_helper del', 'conntrack_timeout new', 'conntrack_timeout delete'],
      ...[
        ...['crypto newalg', 'crypto delalg', 'crypto delrng'],
        'ipset del',
        'nfacct new',
        'nfacct del',
        // RDMA has an event of its own, `monitor`.
        ...['rdma newlink', 'rdma dellink', 'rdma newdev', 'rdma deldev'],
        'rt-addrlabel newaddrlabel',
        'rt-addrlabel deladdrlabel',
        ...['rt-cangw newroute', 'rt-cangw delroute'],
        'rt-link newlinkprop',
        'rt-link dellinkprop',
      ],
      'xfrm newspdinfo',
    ]);
  });

  it('refer only to definitions that exist', () => {
    for (const schema of schemas) {
      const has = (items: readonly { readonly name: string }[], name: string | undefined): void => {
        if (name !== undefined)
          expect(
            items.map((item) => item.name),
            schema.source,
          ).to.include(name);
      };
      const check = (value: ValueSchema): void => {
        has(schema.enums, value.enum ?? value.flags);
        has(schema.structs, value.struct);
        has(schema.sets, value.set);
        has(schema.subMessages, value.subMessage);
        if (value.element !== undefined) check(value.element);
      };
      for (const { attributes } of schema.sets) attributes.forEach(check);
      for (const { members } of schema.structs) members.forEach(check);
      for (const { set, fixedHeader } of schema.operations) {
        has(schema.sets, set);
        has(schema.structs, fixedHeader);
      }
    }
  });
});
