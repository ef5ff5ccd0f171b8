import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import type { FamilyClient } from '../../../../lib/client/index.js';
import {
  InetDiagExt,
  SocketStates,
  sockDiag,
  socketFilter,
  type InetReply,
  type SockDiagFamily,
} from '../../../../lib/families/sock_diag.js';
import { isKernelError } from '../../../../lib/index.js';
import { inetLine, ssLines } from '../../../families/compare/sock-lines.js';
import { skipBecause, useNamespace } from '../../../support/namespace.js';
import { until } from '../../../support/sockets.js';
import { OPEN, openSockets } from './programs.js';

/** Opens and closes connections until its input ends. */
const CHURN = `
import socket as s, sys, threading, time
server = s.socket(s.AF_INET, s.SOCK_STREAM)
server.bind(('127.0.0.1', 6000))
server.listen(64)
stop = False
def churn():
    held = []
    while not stop:
        client = s.create_connection(('127.0.0.1', 6000))
        peer, _ = server.accept()
        held.append((client, peer))
        if len(held) > 40:
            for one in held.pop(0): one.close()
        time.sleep(0.001)
threading.Thread(target=churn, daemon=True).start()
`;

describe('sockDiag while sockets change', () => {
  const namespace = useNamespace();
  let client: FamilyClient<SockDiagFamily>;
  let holder: ChildProcess;
  const established = (sport: number): Promise<InetReply[]> =>
    lastValueFrom(client.list('inet', { states: SocketStates.Established, bytecode: socketFilter({ sport }) }));

  before(async () => {
    holder = await openSockets(namespace(), OPEN);
    client = sockDiag({ netns: namespace().path });
  });
  after(() => client?.close());

  it('destroys a socket', async function () {
    const [victim] = await established(5010);
    await lastValueFrom(client.do('destroy', { id: victim!.id }), { defaultValue: undefined }).catch((error: unknown) => {
      if (isKernelError(error, 'EOPNOTSUPP')) skipBecause(this, 'the kernel has no INET_DIAG_DESTROY');
      throw error;
    });
    expect((await established(5010)).map(({ inode }) => inode)).to.not.include(victim!.inode);
  });

  it('emits an event of every socket that its process closes', async () => {
    const events: InetReply[] = [];
    const errors: unknown[] = [];
    const subscription = client
      .notifications('inet-tcp-destroy', 'inet6-tcp-destroy')
      .subscribe({ next: ({ value }) => events.push(value), error: (error: unknown) => errors.push(error) });
    const rows = [...(await lastValueFrom(client.list('inet'))), ...(await lastValueFrom(client.list('inet', { family: 10 })))];
    const open = rows.filter(({ inode }) => inode !== 0);
    expect(open.length).to.be.above(15);
    holder.stdin!.end();
    await until(
      'all events arrive',
      () => errors.length > 0 || open.every(({ id }) => events.some((event) => String(event.id.cookie) === String(id.cookie))),
    );
    expect(errors).to.deep.equal([]);
    for (const { id, family } of open) {
      const event = events.find((one) => String(one.id.cookie) === String(id.cookie))!;
      expect(event.id.sport).to.equal(id.sport);
      expect(event).to.deep.include({ family, protocol: 6, state: 'close' });
      expect(event.info?.segsIn).to.be.a('number');
    }
    subscription.unsubscribe();
  });

  it('reports that a socket to destroy does not exist', async () => {
    const error: unknown = await lastValueFrom(
      client.do('destroy', { id: { sport: 1, dport: 2, src: '127.0.0.1', dst: '127.0.0.1' } }),
    ).catch((reason: unknown) => reason);
    expect(['ENOENT', 'EOPNOTSUPP']).to.include((error as { code: string }).code);
  });

  it('lists the same sockets as ss under churn, except those that changed', async function () {
    this.timeout(60_000);
    await openSockets(namespace(), CHURN);
    const keys = (lines: readonly string[]): Map<string, string> =>
      new Map(lines.map((line) => [String(inetLine(line)['sk']), String(inetLine(line)['local']).replace('%lo', '')]));
    const ss = (): Map<string, string> => keys(ssLines(namespace(), '-4 -tan -e'));
    let compared = 0;
    let moved = 0;
    for (let round = 0; round < 20; round++) {
      const before = ss();
      const rows = await lastValueFrom(client.list('inet', { ext: InetDiagExt.Info }));
      const after = ss();
      const key = ({ id }: InetReply): string => (BigInt(id.cookie[0]!) | (BigInt(id.cookie[1]!) << 32n)).toString(16);
      const read = new Map(rows.map((row) => [key(row), `${String(row.id.src)}:${String(row.id.sport)}`]));
      // A socket that ss shows before and after is in between as well; TIME-WAIT sockets have a cookie only once they are listed.
      for (const [cookie, local] of before) {
        if (!after.has(cookie)) moved++;
        else expect([cookie, read.get(cookie)]).to.deep.equal([cookie, local]);
        compared++;
      }
      // A listener without a port limit, or a socket, that only we saw must be younger than the first listing.
      for (const [cookie, local] of read) if (before.has(cookie)) expect(before.get(cookie)).to.equal(local);
    }
    process.stdout.write(`      ${String(compared)} sockets compared, ${String(moved)} of them had ended\n`);
    expect(compared).to.be.above(500);
    expect(moved).to.be.above(0);
  });
});
