import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { rtNetconf, type GetnetconfReply, type RtNetconfFamily } from '../../../lib/families/rt-netconf.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { netconfFields, WITHOUT_INTERFACE } from '../../families/compare/rt-netconf.js';
import type { LinkNames } from '../../families/compare/link-names.js';
import type { Shown } from '../../families/compare/fields.js';
import { useNamespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { useWatchers } from '../live/watcher.js';
import { json, linkNames } from './names.js';

const INET = 2;
const INET6 = 10;
const [ALL, DEFAULT] = [-1, -2];

/** The files below /proc/sys/net/ipv4/conf/<interface>, by property. */
const IPV4_FILES: Readonly<Partial<Record<keyof GetnetconfReply, string>>> = {
  forwarding: 'forwarding',
  rpFilter: 'rp_filter',
  mcForwarding: 'mc_forwarding',
  proxyNeigh: 'proxy_arp',
  ignoreRoutesWithLinkdown: 'ignore_routes_with_linkdown',
  bcForwarding: 'bc_forwarding',
};

/** The same below /proc/sys/net/ipv6/conf/<interface>. */
const IPV6_FILES: Readonly<Partial<Record<keyof GetnetconfReply, string>>> = {
  forwarding: 'forwarding',
  mcForwarding: 'mc_forwarding',
  proxyNeigh: 'proxy_ndp',
  ignoreRoutesWithLinkdown: 'ignore_routes_with_linkdown',
  // NETCONFA_FORCE_FORWARDING, since Linux 6.17
  forceForwarding: 'force_forwarding',
};

describe('rtNetconf', function () {
  this.timeout(20_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const tool = useTally('ip -j netconf');
  const files = useTally('/proc/sys/net');
  let client: WatchableClient<RtNetconfFamily, 'getnetconf'>;
  let names: LinkNames;

  const set = (file: string, value: number): void => {
    namespace().run('sh', '-c', `echo ${String(value)} > /proc/sys/net/${file}`);
  };
  const nameOf = ({ ifindex = 0 }: GetnetconfReply): string => WITHOUT_INTERFACE[ifindex] ?? String(names.of(ifindex));
  const keyOf = (row: GetnetconfReply): string => `${row.ncmFamily === INET ? 'inet' : 'inet6'} ${nameOf(row)}`;
  const compareWithIp = (rows: readonly GetnetconfReply[]): void => {
    const shown = json<Shown>(namespace(), 'ip -j netconf');
    const keys = shown.map((row) => `${String(row['family'])} ${String(row['interface'])}`);
    expect(rows.map(keyOf)).to.have.members(keys);
    shown.forEach((row, index) => {
      tool.compare(
        keys[index]!,
        row,
        rows.find((each) => keyOf(each) === keys[index])!,
        netconfFields(names),
      );
    });
  };
  /** Compares with the files: ip does not show all properties. */
  const compareWithFiles = (rows: readonly GetnetconfReply[]): void => {
    for (const row of rows) {
      const [folder, list] = row.ncmFamily === INET ? ['ipv4', IPV4_FILES] : ['ipv6', IPV6_FILES];
      for (const [property, file] of Object.entries(list)) {
        const value = row[property as keyof GetnetconfReply];
        if (value === undefined) continue;
        const text = namespace().run('cat', `/proc/sys/net/${folder}/conf/${nameOf(row)}/${file}`);
        expect(value, `${keyOf(row)} ${property}`).to.equal(Number(text));
        files.add(1);
      }
    }
  };

  before(async () => {
    namespace().batch(['link add v0 type veth peer v1', 'link set v0 up', 'link set v1 up']);
    set('ipv4/conf/v0/forwarding', 1);
    set('ipv4/conf/v0/rp_filter', 2);
    set('ipv4/conf/v1/rp_filter', 1);
    set('ipv4/conf/v1/bc_forwarding', 1);
    set('ipv4/conf/v1/proxy_arp', 1);
    set('ipv6/conf/v0/forwarding', 1);
    set('ipv6/conf/v1/proxy_ndp', 1);
    set('ipv6/conf/all/ignore_routes_with_linkdown', 1);
    names = await linkNames(namespace());
    client = rtNetconf({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
  });

  it('reads the settings of all families as ip and /proc show them', async () => {
    const rows = (await lastValueFrom(client.list('getnetconf'))).filter(({ ncmFamily }) => ncmFamily === INET || ncmFamily === INET6);
    compareWithIp(rows);
    compareWithFiles(rows);
    expect(rows.find((row) => keyOf(row) === 'inet v1')).to.include({ rpFilter: 1, bcForwarding: 1, proxyNeigh: 1, forwarding: 0 });
  });

  it('reads the settings of one family, and of one interface', async () => {
    const rows = await lastValueFrom(client.list('getnetconf', { ncmFamily: INET6 }));
    expect(new Set(rows.map(({ ncmFamily }) => ncmFamily))).to.deep.equal(new Set([INET6]));
    for (const name of ['v0', 'v1', 'all', 'default']) {
      const ifindex = rows.find((row) => nameOf(row) === name)!.ifindex!;
      for (const [ncmFamily, option] of [
        [INET, '-4'],
        [INET6, '-6'],
      ] as const) {
        const shown = json<Shown>(namespace(), `ip ${option} -j netconf`).find((row) => row['interface'] === name)!;
        tool.compare(name, shown, await lastValueFrom(client.do('getnetconf', { ncmFamily, ifindex })), netconfFields(names));
      }
    }
    const error = await lastValueFrom(client.do('getnetconf', { ncmFamily: INET, ifindex: 9999 })).catch((reason: unknown) => reason);
    // EINVAL in older kernels.
    expect((error as Error).message).to.match(/^(ENODEV|EINVAL) getnetconf: settings of interface 9999$/);
  });

  it('receives a notification with the changed setting', async () => {
    const ifindex = names.indexOf('v0');
    const received = firstValueFrom(client.notifications('rtnlgrp-ipv4-netconf', 'rtnlgrp-ipv6-netconf').pipe(take(3), toArray()));
    set('ipv4/conf/v0/rp_filter', 0);
    set('ipv4/conf/v0/proxy_arp', 1);
    set('ipv6/conf/v0/proxy_ndp', 1);
    expect((await received).map(({ op, value }) => [op, value])).to.deep.equal([
      ['newnetconf-ntf', { ncmFamily: INET, ifindex, rpFilter: 0 }],
      ['newnetconf-ntf', { ncmFamily: INET, ifindex, proxyNeigh: 1 }],
      ['newnetconf-ntf', { ncmFamily: INET6, ifindex, proxyNeigh: 1 }],
    ]);
  });

  it('watches settings: of one interface, of all, of new ones, and those that follow the default', async () => {
    const watcher = watch(client.watch('getnetconf'));
    const of = (ncmFamily: number, ifindex: number) => () =>
      watcher.entries?.find((row) => row.ncmFamily === ncmFamily && row.ifindex === ifindex);
    await watcher.has('the table');
    set('ipv4/conf/v1/rp_filter', 2);
    await watcher.has('the loose filter', () => of(INET, names.indexOf('v1'))()?.rpFilter === 2);
    set('ipv4/conf/all/forwarding', 1);
    await watcher.has('forwarding of v1', () => of(INET, names.indexOf('v1'))()?.forwarding === 1);
    expect(of(INET, ALL)()?.forwarding).to.equal(1);
    expect(watcher.reasons).to.deep.equal(['initial']);
    // The kernel copies the value to interfaces on which it was never set, and notifies only the default.
    set('ipv4/conf/default/ignore_routes_with_linkdown', 1);
    await watcher.has('the value of v0', () => of(INET, names.indexOf('v0'))()?.ignoreRoutesWithLinkdown === 1);
    expect(of(INET, DEFAULT)()?.ignoreRoutesWithLinkdown).to.equal(1);
    namespace().ip('link add w0 type veth peer w1');
    names = await linkNames(namespace());
    const added = names.indexOf('w0');
    await watcher.has('the new interface', () => of(INET, added)() !== undefined && of(INET6, added)() !== undefined);
    compareWithIp(watcher.entries!);
    compareWithFiles(watcher.entries!);
    namespace().ip('link del w0');
    await watcher.has('no such interface', (rows) => rows.every(({ ifindex }) => ifindex !== added));
    compareWithIp(watcher.entries!);
    expect(readdirSync('/proc/sys/net/ipv4/conf')).to.not.include('w0');
  });

  it('watches one family', async () => {
    const watcher = watch(client.watch('getnetconf', { ncmFamily: INET6 }));
    await watcher.has('the table', (rows) => rows.length > 0 && rows.every(({ ncmFamily }) => ncmFamily === INET6));
    const count = watcher.changes.length;
    set('ipv4/conf/v1/rp_filter', 0);
    set('ipv6/conf/v1/forwarding', 1);
    await watcher.has('forwarding', (rows) => rows.some(({ ifindex, forwarding }) => ifindex === names.indexOf('v1') && forwarding === 1));
    expect(watcher.since(count).map(({ value }) => value.ncmFamily)).to.deep.equal([INET6]);
  });
});
