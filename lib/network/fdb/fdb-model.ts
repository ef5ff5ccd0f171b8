import { map } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { AddressFamily } from '../../schema/index.js';
import { NtfFlags, type GetneighReply, type NewneighRequest } from '../../families/rt-neigh.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { FieldError } from '../common/field-error.js';
import { Row, withRow } from '../common/written.js';
import { ip } from '../fields/address-checks.js';
import { boolean, choice, integer, linkName, mac, uint32 } from '../fields/check.js';
import { requireFields, type Shape } from '../fields/shape.js';
import type { LinkNames } from '../names/link-names.js';
import { step, type RequestStep } from '../tables/step.js';
import type { TableModel, Wanted } from '../tables/table-model.js';
import { deletionOf, flagOfTable, tableOfRow, type EntryTable } from './entry-table.js';
import type { ForwardingEntry, ForwardingFields, ForwardingState } from './forwarding-entry.js';

/** NUD_*: a bridge calls a permanent entry local, and one without ARP static. */
const STATES = { permanent: 128, static: 64, dynamic: 2 } as const;

const STATE: readonly (keyof ForwardingState)[] = ['linkIndex', 'bridge', 'external', 'offloaded'];

const SHAPE: Shape = {
  fields: {
    link: linkName(127),
    mac,
    vlan: integer(1, 4094),
    on: choice(['bridge', 'device']),
    state: choice(['permanent', 'static', 'dynamic']),
    sticky: boolean,
    remote: ip,
    port: integer(1, 0xffff),
    vni: integer(0, 0xff_ffff),
    sourceVni: integer(0, 0xff_ffff),
    via: linkName(127),
    nexthop: uint32,
  },
  out: STATE,
};

/** Properties that only the table of a VXLAN link has. @internal */
const OF_VXLAN: readonly string[] = ['remote', 'port', 'vni', 'sourceVni', 'via', 'nexthop'];

/** Returns what the verbs need to know about forwarding entries. @internal */
export function fdbModel({ neigh }: Pick<NetworkClients, 'neigh'>): TableModel<ForwardingEntry> {
  const { link, mac: address, vlan, on, remote, sourceVni } = SHAPE.fields;
  return {
    table: 'fdb',
    noun: 'forwarding entry',
    typical: { spec: '{ link, mac }', text: 'mac' },
    shape: SHAPE,
    key: {
      fields: { link: link!, mac: address!, vlan: vlan!, on: on!, remote: remote!, sourceVni: sourceVni! },
      out: [...Object.keys(SHAPE.fields), ...STATE],
    },
    state: STATE,
    always: ['linkIndex', 'on', 'state'],
    keyNeeds: ['mac'],
    identity: ['link', 'mac', 'vlan', 'on', 'sourceVni'],
    missing: ['ENOENT', 'ENODEV'],
    linkFields: ['link', 'via', 'bridge'],
    // Entries name their bridge.
    namesByKey: false,
    check,
    nameOf: ({ mac: given, vlan: id, link: name, remote: end }) => nameText`${given} vlan ${id} on ${name} to ${end}`,
    slot: ({ link: name, mac: given }) => `${String(name)} ${String(given)}`,
    matches,
    // The kernel adds an entry without a VLAN to every VLAN of the port too, and deletes all of them with it.
    isExactly: (object, key) =>
      object.vlan === (key['vlan'] ?? undefined) && object.on === tableOf(key) && object.remote === (key['remote'] ?? undefined),
    keyOf: (wanted) => ({
      ...omitUndefined({ link: wanted['link'], mac: wanted['mac'], sourceVni: wanted['sourceVni'] }),
      vlan: wanted['vlan'] ?? null,
      on: tableOf(wanted),
      // Only the entries for unknown receivers and for groups have several endpoints.
      ...(floods(String(wanted['mac'])) && { remote: wanted['remote'] ?? null }),
    }),
    read: (names, key = {}) => {
      const index = typeof key['link'] === 'string' ? names.indexOf(key['link']) : key['linkIndex'];
      const request = { ndmFamily: AddressFamily.Bridge, ...(typeof index === 'number' && { ndmIfindex: index }) };
      return neigh.list('getneigh', request).pipe(map((rows) => rows.flatMap((row) => entryOf(row, names))));
    },
    fromRow: (row, names) => entryOf(row as GetneighReply, names)[0],
    watchRequest: () => ({ ndmFamily: AddressFamily.Bridge }),
    rows: (request) => neigh.tableOf('getneigh', request),
    create: (wanted, names) => {
      const added = floods(String(wanted['mac'])) ? { append: true } : { exclusive: true };
      const request = step(neigh, 'newneigh', requestOf(wanted, names), { create: true, ...added });
      return [{ ...request, explain: tableOf(wanted) === 'bridge' ? explainNoPort(wanted) : undefined }];
    },
    update: (_object, wanted, _changed, names) => ({ steps: [step(neigh, 'newneigh', requestOf(wanted, names), { replace: true })] }),
    remove: (object) => [step(neigh, 'delneigh', deletionOf(object[Row]))],
  };
}

/** @throws FieldError if a property does not belong to the table that holds the entry. */
function check(wanted: Wanted): void {
  requireFields(wanted, ['link', 'mac']);
  const table = tableOf(wanted);
  const foreign = table === 'bridge' ? OF_VXLAN.find((name) => wanted[name] !== undefined) : undefined;
  if (foreign !== undefined) throw new FieldError(foreign, "only entries of a VXLAN link have it; write on: 'device', or omit it");
  if (table === 'device' && wanted['sticky'] === true)
    throw new FieldError('sticky', 'only entries of a bridge have it; the kernel ignores it');
  if (wanted['remote'] !== undefined && wanted['nexthop'] !== undefined)
    throw new FieldError('nexthop', 'an entry has a remote or a nexthop, not both');
}

/** Returns true for an entry with properties that only entries of a VXLAN link have. @internal */
export function isOfVxlan(wanted: Wanted): boolean {
  return OF_VXLAN.some((name) => wanted[name] !== undefined);
}

/** Links of other kinds ignore the properties of a tunnel. @throws FieldError if an entry has one, and its link is of another kind. @internal */
export function requireVxlan(wanted: Wanted, isVxlan: (link: string) => boolean): void {
  const { link } = wanted as { readonly link: string };
  const property = OF_VXLAN.find((name) => wanted[name] !== undefined);
  if (property === undefined || isVxlan(link)) return;
  throw new FieldError(property, `only entries of a VXLAN link have it, and '${link}' is a link of another kind`);
}

/** Returns the meaning of EOPNOTSUPP for an entry of a bridge: the link has no bridge. */
function explainNoPort({ link }: Wanted): RequestStep['explain'] {
  return ({ code }) => {
    if (code !== 'EOPNOTSUPP') return undefined;
    const text = `'${link as string}' is not a port of a bridge; on: 'device' writes an entry of the link itself`;
    return new FieldError('link', text, 'unsupported');
  };
}

function tableOf(wanted: Wanted): EntryTable {
  return (wanted['on'] as EntryTable | undefined) ?? (isOfVxlan(wanted) ? 'device' : 'bridge');
}

/** Returns true for the address of unknown receivers, and for multicast: such entries of a VXLAN device have several endpoints. */
function floods(address: string): boolean {
  return address === '00:00:00:00:00:00' || (Number.parseInt(address.slice(0, 2), 16) & 1) === 1;
}

function matches(object: ForwardingEntry, key: Wanted): boolean {
  const same = (name: keyof ForwardingFields): boolean => key[name] === undefined || (key[name] ?? undefined) === object[name];
  return same('link') && same('mac') && same('vlan') && same('on') && same('remote') && same('sourceVni');
}

function entryOf(row: GetneighReply, names: LinkNames): readonly ForwardingEntry[] {
  const { ndmFamily, ndmIfindex, ndmFlags, ndmState, lladdr } = row;
  const link = names.nameOf(ndmIfindex);
  if (ndmFamily !== AddressFamily.Bridge || link === undefined || lladdr === undefined) return [];
  const has = (flag: number): true | undefined => (ndmFlags & flag) !== 0 || undefined;
  const entry = omitUndefined({
    link,
    mac: lladdr,
    vlan: row.vlan,
    on: tableOfRow(row),
    state: ndmState & STATES.permanent ? ('permanent' as const) : ndmState & STATES.static ? ('static' as const) : ('dynamic' as const),
    sticky: has(NtfFlags.Sticky),
    remote: row.dst,
    port: row.port,
    vni: row.vni,
    sourceVni: row.srcVni,
    via: row.ifindex === undefined ? undefined : names.nameOf(row.ifindex),
    nexthop: row.nhId,
    linkIndex: ndmIfindex,
    bridge: row.master === undefined ? undefined : names.nameOf(row.master),
    external: has(NtfFlags.ExtLearned),
    offloaded: has(NtfFlags.Offloaded),
  });
  return [withRow(entry, row)];
}

function requestOf(wanted: Wanted, names: LinkNames): NewneighRequest {
  const fields = wanted as unknown as ForwardingFields;
  return omitUndefined({
    ndmFamily: AddressFamily.Bridge,
    ndmIfindex: names.indexOf(fields.link)!,
    ndmFlags: flagOfTable(tableOf(wanted)) | (fields.sticky === true ? NtfFlags.Sticky : 0),
    ndmState: stateNumber(fields.state, tableOf(wanted)),
    lladdr: fields.mac,
    vlan: fields.vlan,
    dst: fields.remote,
    port: fields.port,
    vni: fields.vni,
    srcVni: fields.sourceVni,
    ifindex: fields.via === undefined ? undefined : names.indexOf(fields.via),
    nhId: fields.nexthop,
  });
}

/** A VXLAN device accepts only entries that are permanent or reachable, and never ages those without ARP. */
function stateNumber(state: ForwardingFields['state'], table: EntryTable): number {
  if (table === 'bridge') return STATES[state ?? 'static'];
  return state === 'static' ? STATES.static | STATES.dynamic : STATES[state ?? 'permanent'];
}
