import { lastValueFrom } from 'rxjs';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink, type NewlinkRequest } from '../../../lib/families/rt-link.js';
import { AddressFamily } from '../../../lib/index.js';
import type { Namespace } from '../../support/namespace.js';
import { writable } from './exceptions.js';

const LOOPBACK = 1;

/** A veth cannot be up before its other end is there (ENOTCONN). */
function down<T extends NewlinkRequest>(row: T): T {
  return { ...row, ifiFlags: Number(row.ifiFlags) & ~1 };
}

/** Makes the links of one namespace in another, with the same indexes, and gives them what only an existing link can have. */
export async function copyLinks(from: Namespace, to: Namespace): Promise<void> {
  using source = rtLink({ netns: from.path });
  using target = rtLink({ netns: to.path });
  const there = new Set((await lastValueFrom(target.list('getlink'))).map(({ ifiIndex }) => ifiIndex));
  const rows = (await lastValueFrom(source.list('getlink'))).filter(({ ifiIndex }) => !there.has(ifiIndex));
  rows.sort((one, other) => one.ifiIndex - other.ifiIndex);
  for (const row of rows) {
    const { linkinfo } = row;
    if (linkinfo?.kind === 'tun') throw new Error(`${row.ifname ?? ''}: made by an ioctl, not by netlink`);
    const peer = linkinfo?.kind === 'veth' ? rows.find(({ ifiIndex }) => ifiIndex === row.link) : undefined;
    if (peer !== undefined && peer.ifiIndex < row.ifiIndex) continue;
    const made: NewlinkRequest = down(writable('new link', row));
    const pair: NewlinkRequest =
      peer === undefined ? made : { ...made, linkinfo: { kind: 'veth', data: { peer: down(writable('new link', peer)) } } };
    await lastValueFrom(target.do('newlink', pair, { create: true, exclusive: true }));
  }
  for (const row of rows) {
    await lastValueFrom(target.do('newlink', writable('change link', row)));
    const { ifiIndex, propList, linkinfo } = row;
    if (linkinfo?.slaveKind !== undefined)
      await lastValueFrom(target.do('newlink', { ifiIndex, ...writable('change port', { linkinfo }) }));
    if (propList !== undefined) await lastValueFrom(target.do('newlinkprop', { ifiIndex, propList }, { create: true, exclusive: true }));
  }
}

/** Adds the addresses of one namespace to another; the kernel gives the loopback its own. */
export async function copyAddresses(from: Namespace, to: Namespace): Promise<void> {
  using source = rtAddr({ netns: from.path });
  using target = rtAddr({ netns: to.path });
  const rows = await lastValueFrom(source.list('getaddr'));
  // Of IPv6 the newest is listed first.
  const [ipv4, ipv6] = [
    rows.filter(({ ifaFamily }) => ifaFamily === AddressFamily.Inet),
    rows.filter(({ ifaFamily }) => ifaFamily === AddressFamily.Inet6),
  ];
  for (const row of [...ipv4, ...ipv6.reverse()]) {
    if (row.ifaIndex === LOOPBACK && ['127.0.0.1', '::1'].includes(row.address ?? '')) continue;
    await lastValueFrom(target.do('newaddr', row, { create: true, exclusive: true }));
  }
}
