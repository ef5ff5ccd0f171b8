import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { sockDiag, type InetReply, type SockDiagFamily } from '../../../../lib/families/sock_diag.js';
import type { FamilyClient } from '../../../../lib/client/index.js';
import { STATES } from '../../../families/compare/sock-lines.js';
import { useNamespace } from '../../../support/namespace.js';
import { rounds } from '../../../support/rounds.js';
import { useTally } from '../../../support/tally.js';
import { openSockets } from './programs.js';

/** The port of the connections that stay open, and the one of those that come and go. */
const [STABLE, CHURN] = [5100, 5200];
const PAIRS = 400;
/**
 * The kernel resumes a dump by the number of sockets that it has passed in a bucket of its table (net/ipv4/inet_diag.c of Linux 6.12): one that is removed
 * between two parts hides the next. It was seen once in 200 and once in 800 lists.
 */
const MOST_HIDDEN = 2;

/**
 * Keeps connections to one port, and opens and closes connections to another one all the time: a third are reset, a third are closed by
 * the client, which leaves time-wait sockets, and a third are half closed for a while.
 */
const PROGRAM = `
import socket as s, struct, sys, threading
stable = s.create_server(('127.0.0.1', ${STABLE}), backlog=1024)
churn = s.create_server(('127.0.0.1', ${CHURN}), backlog=1024)
kept = [stable, churn]
for _ in range(${PAIRS}):
    client = s.create_connection(('127.0.0.1', ${STABLE}))
    kept.extend((client, stable.accept()[0]))
def work():
    open_ones = []
    for turn in range(10**9):
        client = s.create_connection(('127.0.0.1', ${CHURN}))
        peer, _ = churn.accept()
        open_ones.append((client, peer))
        if turn % 3 == 0: client.setsockopt(s.SOL_SOCKET, s.SO_LINGER, struct.pack('ii', 1, 0))
        if turn % 3 == 1: client.shutdown(s.SHUT_WR)
        if len(open_ones) > 40:
            client, peer = open_ones.pop(0)
            client.close()
            peer.close()
threading.Thread(target=work, daemon=True).start()
`;

describe('sockDiag while sockets open and close', function () {
  this.timeout(120_000);
  const namespace = useNamespace();
  const tally = useTally('ss');
  let client: FamilyClient<SockDiagFamily>;

  before(async () => {
    await openSockets(namespace(), PROGRAM);
    client = sockDiag({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => client?.close());

  /** Lists the sockets as `ss` prints them: state, local address, peer, and the number of the socket. A port is used again at once. */
  const shown = (): string[] =>
    namespace()
      .run('ss', '-4taneOH')
      .trim()
      .split('\n')
      .map((line) => {
        const [state, , , local, peer] = line.trim().split(/\s+/);
        return `${state!} ${local!} ${peer!} ${/ sk:([0-9a-f]+)/.exec(line)?.[1] ?? 'none'}`;
      });
  const textOf = ({ state, id }: InetReply): string => {
    const [low, high] = id.cookie as [number, number];
    const peer = id.dport === 0 ? '*' : String(id.dport);
    const cookie = ((BigInt(high) << 32n) | BigInt(low)).toString(16);
    return `${STATES[state] ?? String(state)} ${String(id.src)}:${String(id.sport)} ${String(id.dst)}:${peer} ${cookie}`;
  };
  const has = (line: string, port: number): boolean => line.split(' ', 3).some((part) => part.endsWith(`:${String(port)}`));

  it('lists what ss lists before and after, each socket once', async () => {
    let [moved, same, hidden] = [0, 0, 0];
    for (let round = 0; round < rounds(6, 200); round++) {
      const earlier = new Set(shown());
      const rows = (await lastValueFrom(client.list('inet'))).map(textOf);
      const later = new Set(shown());
      const listed = new Set(rows);
      // A socket of both lists with the same state did not move.
      const constant = [...earlier].filter((line) => later.has(line));
      const missing = constant.filter((line) => !listed.has(line));
      expect(
        missing.filter((line) => !has(line, CHURN)),
        'missing',
      ).to.deep.equal([]);
      hidden += missing.length;
      const others = rows.filter((line) => !earlier.has(line) && !later.has(line));
      expect(
        others.filter((line) => !has(line, CHURN)),
        'only listed by the library',
      ).to.deep.equal([]);
      const kept = rows.filter((line) => has(line, STABLE));
      expect(kept).to.have.length(2 * PAIRS + 1);
      expect(new Set(kept).size).to.equal(kept.length);
      same += constant.length;
      moved += earlier.size + later.size - 2 * constant.length;
    }
    expect(moved, 'sockets that moved').to.be.above(50);
    expect(hidden, 'sockets that came and went, and were missing').to.be.at.most(MOST_HIDDEN);
    tally.add(same);
    process.stdout.write(`      ${String(same)} sockets were equal, ${String(moved)} moved between the lists\n`);
  });
});
