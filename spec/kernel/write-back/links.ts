import { setTimeout as delay } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink, type GetlinkReply, type LinkinfoNetkitAttrsInput, type NewlinkRequest } from '../../../lib/families/rt-link.js';
import { AddressFamily } from '../../../lib/index.js';
import type { Namespace } from '../../support/namespace.js';
import { writable } from './exceptions.js';

const LOOPBACK = 1;

/** Clears IFF_UP: a veth cannot be up before its peer exists (ENOTCONN). */
function down<T extends NewlinkRequest>(row: T): T {
  return { ...row, ifiFlags: Number(row.ifiFlags) & ~1 };
}

/** Returns the request that creates a link. A bond's port has the address of the bond; it is created with its own address. */
function asMade(row: GetlinkReply): NewlinkRequest {
  const made: NewlinkRequest = writable('new link', row);
  const { linkinfo } = row;
  const own = linkinfo?.slaveKind === 'bond' ? linkinfo.slaveData?.permHwaddr : undefined;
  return own === undefined ? made : { ...made, address: own };
}

type Links = ReturnType<typeof rtLink>;

/** The kinds of links that one request makes in pairs. */
const PAIRS: readonly unknown[] = ['veth', 'vxcan', 'netkit'];

/** Returns the peer of a link, which one request makes with it. */
function peerOf({ linkinfo, link }: GetlinkReply, rows: readonly GetlinkReply[]): GetlinkReply | undefined {
  return PAIRS.includes(linkinfo?.kind) ? rows.find(({ ifiIndex }) => ifiIndex === link) : undefined;
}

function withPeer(made: NewlinkRequest, peer: GetlinkReply): NewlinkRequest {
  const other = down(asMade(peer));
  const { linkinfo } = made;
  if (linkinfo?.kind === 'vxcan') return { ...made, linkinfo: { kind: 'vxcan', data: { peer: other } } };
  if (linkinfo?.kind !== 'netkit') return { ...made, linkinfo: { kind: 'veth', data: { peer: other } } };
  return { ...made, linkinfo: { kind: 'netkit', data: { ...(linkinfo.data as LinkinfoNetkitAttrsInput), peerInfo: other } } };
}

/** Makes a tun or tap with `ip tuntap`: its driver uses an ioctl and rejects netlink requests (tun_validate). */
function makeTun(namespace: Namespace, { ifname = '', linkinfo }: GetlinkReply): void {
  const data = linkinfo?.kind === 'tun' ? (linkinfo.data ?? {}) : {};
  const words = Object.entries({ pi: data.pi, vnet_hdr: data.vnetHdr, multi_queue: data.multiQueue }).filter(([, value]) => value === 1);
  const ids = Object.entries({ user: data.owner, group: data.group }).flatMap(([word, id]) => (id === undefined ? [] : [word, String(id)]));
  namespace.run('ip', 'tuntap', 'add', 'dev', ifname, 'mode', String(data.type), ...words.map(([word]) => word), ...ids);
}

/** Makes the links of one namespace in another, with the same indexes, then writes the attributes of existing links. */
export async function copyLinks(from: Namespace, to: Namespace): Promise<void> {
  using source = rtLink({ netns: from.path });
  using target = rtLink({ netns: to.path });
  const there = new Set((await lastValueFrom(target.list('getlink'))).map(({ ifiIndex }) => ifiIndex));
  const rows = (await lastValueFrom(source.list('getlink'))).filter(({ ifiIndex }) => !there.has(ifiIndex));
  rows.sort((one, other) => one.ifiIndex - other.ifiIndex);
  for (const row of rows) {
    if (row.linkinfo?.kind === 'tun') {
      makeTun(to, row);
      continue;
    }
    const peer = peerOf(row, rows);
    if (peer !== undefined && isSecond(row, peer)) continue;
    const made = down(asMade(row));
    await lastValueFrom(target.do('newlink', peer === undefined ? made : withPeer(made, peer), { create: true, exclusive: true }));
  }
  for (const row of rows) {
    await lastValueFrom(target.do('newlink', writable('change link', row)));
    const { ifiIndex, propList } = row;
    if (propList !== undefined) await lastValueFrom(target.do('newlinkprop', { ifiIndex, propList }, { create: true, exclusive: true }));
  }
  for (const row of rows) {
    const { linkinfo } = row;
    if (linkinfo?.slaveKind !== undefined) await changePort(target, { ...row, linkinfo }, rows);
  }
  for (const { ifiIndex, linkinfo } of rows) {
    if (linkinfo?.kind !== 'bond' || linkinfo.data?.activeSlave === undefined) continue;
    const active = rows.find((row) => row.ifiIndex === linkinfo.data?.activeSlave);
    if (active !== undefined) await untilUp(target, active);
    await lastValueFrom(target.do('newlink', { ifiIndex, linkinfo: { kind: 'bond', data: { activeSlave: linkinfo.data.activeSlave } } }));
  }
}

/** Tests for the end of a pair that its peer's request makes: the newer veth or vxcan, the netkit that is not primary. */
function isSecond({ linkinfo, ifiIndex }: GetlinkReply, peer: GetlinkReply): boolean {
  return linkinfo?.kind === 'netkit' ? linkinfo.data?.primary === 0 : peer.ifiIndex < ifiIndex;
}

/** Waits until a link has the state of its original: a bond selects only ports that its monitor found up (bond_option_active_slave_set). */
async function untilUp(target: Links, { ifiIndex, operstate, linkinfo }: GetlinkReply): Promise<void> {
  const monitored = linkinfo?.slaveKind === 'bond' ? linkinfo.slaveData?.miiStatus : undefined;
  for (let tries = 0; tries < 50; tries++) {
    const row = await lastValueFrom(target.do('getlink', { ifiIndex }));
    const port = row.linkinfo?.slaveKind === 'bond' ? row.linkinfo.slaveData : undefined;
    if (row.operstate === operstate && port?.miiStatus === monitored) return;
    await delay(100);
  }
}

/** Writes the data that a master keeps for its port, after the port is up: a bridge rejects the state of ports that are down. */
async function changePort(
  target: Links,
  row: GetlinkReply & Required<Pick<GetlinkReply, 'linkinfo'>>,
  rows: readonly GetlinkReply[],
): Promise<void> {
  const { ifiIndex, linkinfo } = row;
  await untilUp(target, row);
  const masterLink = rows.find((other) => other.ifiIndex === row.master);
  const port = writable('change port', { linkinfo }, { ...row, masterLink });
  await lastValueFrom(target.do('newlink', { ifiIndex, ...port }));
}

/** Adds the addresses of one namespace to another; the kernel gives the loopback its own. */
export async function copyAddresses(from: Namespace, to: Namespace): Promise<void> {
  using source = rtAddr({ netns: from.path });
  using target = rtAddr({ netns: to.path });
  const rows = await lastValueFrom(source.list('getaddr'));
  // The kernel lists the newest IPv6 address first.
  const [ipv4, ipv6] = [
    rows.filter(({ ifaFamily }) => ifaFamily === AddressFamily.Inet),
    rows.filter(({ ifaFamily }) => ifaFamily === AddressFamily.Inet6),
  ];
  for (const row of [...ipv4, ...ipv6.reverse()]) {
    if (row.ifaIndex === LOOPBACK && ['127.0.0.1', '::1'].includes(row.address ?? '')) continue;
    await lastValueFrom(target.do('newaddr', row, { create: true, exclusive: true }));
  }
}
