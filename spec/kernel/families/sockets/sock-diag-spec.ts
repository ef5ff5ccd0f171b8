import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import {
  InetDiagExt,
  SocketStates,
  sockDiag,
  type InetReply,
  type NetlinkReply,
  type PacketReply,
  type SockDiagFamily,
} from '../../../../lib/families/sock_diag.js';
import { isKernelError, withOwners } from '../../../../lib/index.js';
import type { FamilyClient } from '../../../../lib/client/index.js';
import { compareLines, inetFields, mptcpFields, unixFields } from '../../../families/compare/sock_diag.js';
import { inetLine, ssLines, unixLine } from '../../../families/compare/sock-lines.js';
import { skipBecause, useNamespace } from '../../../support/namespace.js';
import { useTally } from '../../../support/tally.js';
import { MULTIPATH, needsMptcp, OPEN, OTHERS, openSockets } from './programs.js';

describe('sockDiag', () => {
  const namespace = useNamespace();
  const tally = useTally('ss and /proc/net');
  let client: FamilyClient<SockDiagFamily>;

  const ss = (options: string): string[] => ssLines(namespace(), options);
  const inet = async (request: Parameters<typeof client.list<'inet'>>[1] = {}): Promise<InetReply[]> => [
    ...(await lastValueFrom(client.list('inet', request))),
    ...(await lastValueFrom(client.list('inet', { ...request, family: 10 }))),
  ];
  const byAddress = (rows: readonly InetReply[], sport: number, state = 'listen'): InetReply =>
    rows.find((row) => row.id.sport === sport && row.state === state) ?? expect.fail(`there is no socket with port ${sport}`);

  before(async () => {
    await openSockets(namespace(), OPEN + OTHERS + MULTIPATH);
    client = sockDiag({ netns: namespace().path });
  });
  after(() => client?.close());

  it('reads every value of TCP sockets that ss shows', async () => {
    const lines = ss('-tanimeo');
    const rows = await inet({ ext: 0xff });
    expect(lines.length).to.be.above(20);
    compareLines(lines, rows, inetLine, inetFields, (at, shown, row) => {
      tally.compare(at, shown, row, inetFields);
    });
  });

  for (const [name, option, protocol] of [
    ['UDP', '-uaneom', 'udp'],
    ['raw', '-waneom', 'raw'],
  ] as const) {
    it(`reads every value of ${name} sockets that ss shows`, async function () {
      const rows = await inet({ protocol, ext: 0xff }).catch((error: unknown) => {
        if (isKernelError(error, 'ENOENT')) skipBecause(this, `the kernel has no module for ${name} sockets`);
        throw error;
      });
      compareLines(ss(option), rows, inetLine, inetFields, (at, shown, row) => {
        tally.compare(at, shown, row, inetFields);
      });
    });
  }

  it('reads every value of MPTCP sockets that ss shows', async function () {
    needsMptcp(this);
    const rows = await lastValueFrom(client.list('mptcp', { ext: InetDiagExt.Info }));
    expect(rows).to.have.length(3);
    expect(rows[0]!.info).to.not.have.property('caState');
    compareLines(ss('-Manie'), rows, inetLine, mptcpFields, (at, shown, row) => {
      tally.compare(at, shown, row, mptcpFields);
    });
  });

  it('reads every value of Unix sockets that ss shows', async () => {
    const inodes = (text: string): string =>
      text
        .split('\n')
        .filter((line) => line.includes('rxnl') || line.includes('/tmp'))
        .join('\n');
    const rows = await lastValueFrom(client.list('unix'));
    compareLines(ss('-xae'), rows, unixLine, unixFields, (at, shown, row) => {
      tally.compare(at, shown, row, unixFields);
    });
    expect(inodes(namespace().run('cat', '/proc/net/unix'))).to.contain('@rxnl-abstract');
    const waiting = rows.find(({ icons }) => icons !== undefined && icons.length === 2);
    expect(waiting?.rqlen).to.deep.equal({ rqueue: 2, wqueue: 4 });
  });

  it('reads the packet sockets of /proc/net/packet', async () => {
    const rows = await lastValueFrom(client.list('packet'));
    const listed = namespace()
      .run('cat', '/proc/net/packet')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/));
    expect(listed).to.have.length(2);
    // sk RefCnt Type Proto Iface R Rmem User Inode
    const shown = listed.map(([, , type, proto, index, , , user, inode]) => [
      Number(type),
      Number.parseInt(proto!, 16),
      Number(index),
      Number(user),
      Number(inode),
    ]);
    const read = rows.map(({ type, num, info, uid, ino }: PacketReply) => [type === 'raw' ? 3 : 2, num, info?.index, uid, ino]);
    expect(read).to.have.deep.members(shown);
    tally.add(10);
  });

  it('reads the netlink sockets of /proc/net/netlink', async () => {
    const [rows, text] = [await lastValueFrom(client.list('netlink')), namespace().run('cat', '/proc/net/netlink')];
    // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
    const listed = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/));
    const shown = listed.map(([, protocol, portId, groups, , , , , drops, inode]) =>
      [protocol, portId, Number.parseInt(groups!, 16), drops, inode].map(Number),
    );
    const read = rows.map(({ protocol, portid, groups, meminfo, ino }: NetlinkReply) => [
      protocol,
      portid,
      groups?.[0] ?? 0,
      meminfo?.drops,
      ino,
    ]);
    expect(read.length).to.be.above(3);
    expect(read).to.include.deep.members(shown);
    tally.add(5 * shown.length);
  });

  it('sends each extension only if the request selects it', async () => {
    const [{ sport }] = [byAddress(await inet(), 5000).id];
    const all = { meminfo: 1, info: 2, cong: 8, tos: 16, skmeminfo: 64 } as const;
    for (const [name, bit] of Object.entries(all)) {
      const [row] = await lastValueFrom(client.list('inet', { ext: bit, id: { sport }, states: SocketStates.Listen }));
      const found = Object.keys(all).filter((property) => row?.[property as keyof typeof all] !== undefined);
      expect(found).to.deep.equal([name]);
      expect(
        Object.entries(InetDiagExt)
          .find(([, mask]) => mask === bit)?.[0]
          .toLowerCase(),
      ).to.equal(name);
    }
  });

  it('rejects what the kernel would ignore or misread', async () => {
    const rejected = (request: object): Promise<unknown> =>
      lastValueFrom(client.list('inet', request)).then(
        () => 'accepted',
        (error: unknown) => (error as Error).message,
      );
    expect(await rejected({ protocol: 132 })).to.contain('.protocol: 132 is not possible here; expected tcp, udp, udplite, raw');
    expect(await rejected({ protocol: 6, family: 1 })).to.contain('.family: 1 is not for inet');
    expect(await rejected({ id: { dst: '127.0.0.1' } })).to.contain('inet-diag-ports has no such member');
    await lastValueFrom(client.list('mptcp', { protocol: 6 })).then(
      () => expect.fail('accepted'),
      (error: unknown) => expect((error as Error).message).to.contain('6 is not possible here'),
    );
  });

  it('reads one socket by its addresses, and rejects the cookie of another one', async () => {
    const rows = await inet();
    for (const row of rows.filter(({ state }) => state === 'established')) {
      const { family, id } = row;
      const { cookie: _cookie, ...address } = id;
      const one = await lastValueFrom(client.do('inet', { family, id: address, ext: InetDiagExt.Info }));
      expect(one).to.deep.include({ inode: row.inode, id, state: 'established' });
      expect(one.info?.state).to.equal('established');
      const error: unknown = await lastValueFrom(client.do('inet', { family, id: { ...address, cookie: [1, 0] } })).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.have.property('code', 'ENOENT');
    }
    const [unix] = await lastValueFrom(client.list('unix'));
    expect(await lastValueFrom(client.do('unix', { ino: unix!.ino }))).to.deep.include({ ino: unix!.ino, cookie: unix!.cookie });
  });

  it('finds the processes that have the sockets open', async () => {
    const rows = await lastValueFrom(client.list('inet', { states: SocketStates.Listen }).pipe(withOwners()));
    const shown = ss('-tlnp4').map((line) => /:(\d+) .*users:\(\("([^"]*)",pid=(\d+),fd=(\d+)\)\)/.exec(line)!.slice(1));
    expect(shown.length).to.be.above(1);
    const read = rows.map(
      ({ id, owners }) => owners.map(({ processId, command, descriptor }) => [id.sport, command, processId, descriptor].map(String))[0],
    );
    expect(read).to.have.deep.members(shown);
    const netlink = await lastValueFrom(client.list('netlink').pipe(withOwners()));
    // The kernel's own sockets have port ID 0 and no process.
    const kernels = netlink.filter(({ portid }) => portid === 0);
    expect(kernels).to.have.length.above(0);
    for (const { owners } of kernels) expect(owners).to.deep.equal([]);
  });
});
