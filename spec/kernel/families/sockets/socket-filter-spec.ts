import { expect } from 'chai';
import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import type { FamilyClient } from '../../../../lib/client/index.js';
import { sockDiag, socketFilter, type InetReply, type SockDiagFamily, type SocketExpression } from '../../../../lib/families/sock_diag.js';
import { inetLine } from '../../../families/compare/sock-lines.js';
import { fuzzParameters } from '../../../support/fuzz.js';
import { useNamespace } from '../../../support/namespace.js';
import { accepts } from './evaluate.js';
import { OPEN, openSockets } from './programs.js';

const port = fc.constantFrom(0, 1, 5000, 5001, 5002, 5010, 65535);
const ports = fc.oneof(
  port,
  fc.tuple(port, port).map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) })),
  port.map((min) => ({ min })),
);
const network = fc
  .oneof(
    fc.tuple(fc.constantFrom('127.0.0.1', '127.8.0.1', '0.0.0.0', '127.0.0.3'), fc.constantFrom('', '/0', '/8', '/13', '/31', '/32')),
    fc.tuple(fc.constantFrom('::1', '::', '::ffff:127.0.0.1', '::ffff:127.8.0.2'), fc.constantFrom('', '/0', '/1', '/96', '/104', '/128')),
  )
  .map(([address, length]) => address + length);
const mark = fc.oneof(
  fc.constantFrom(0, 7, 0x10, 0x17),
  fc.tuple(fc.nat(0x1f), fc.nat(0x1f)).map(([value, mask]) => ({ value: value & mask, mask })),
);

/** Random expressions: leaves with one or several conditions, in and, or, not. */
const expressions = fc.letrec<{ expression: SocketExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record(
      { sport: ports, dport: ports, src: network, dst: network, dev: fc.constantFrom(0, 1, 2), mark, cgroup: fc.constantFrom(0n, 1n, 2n) },
      { requiredKeys: [] },
    ),
    tie('expression').map((not) => ({ not })),
    fc.array(tie('expression'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('expression'), { maxLength: 3 }).map((or) => ({ or })),
    fc.record({ sport: ports, not: tie('expression'), or: fc.array(tie('expression'), { maxLength: 2 }) }),
  ),
})).expression;

describe('socketFilter in the kernel', () => {
  const namespace = useNamespace();
  let client: FamilyClient<SockDiagFamily>;
  let rows: readonly InetReply[] = [];
  let kept = 0;
  let dropped = 0;

  const list = async (bytecode?: Uint8Array): Promise<InetReply[]> => {
    const request = bytecode === undefined ? {} : { bytecode };
    const [four, six] = await Promise.all([2, 10].map((family) => lastValueFrom(client.list('inet', { ...request, family: family as 2 }))));
    return [...four!, ...six!];
  };
  const cookies = (some: readonly InetReply[]): string[] => some.map(({ id }) => String(id.cookie[0])).sort();

  before(async () => {
    await openSockets(namespace(), OPEN);
    client = sockDiag({ netns: namespace().path });
    rows = await list();
  });
  after(() => {
    client?.close();
    if (kept + dropped > 0)
      process.stdout.write(`      ${String(kept)} sockets kept, ${String(dropped)} dropped, equal to a plain evaluation\n`);
  });

  it('keeps the sockets that a plain evaluation keeps, for random expressions', async function () {
    this.timeout(120_000);
    expect(rows.length).to.be.above(20);
    expect(rows.some(({ id }) => String(id.src).startsWith('::ffff:127.'))).to.equal(true);
    await fc.assert(
      fc.asyncProperty(expressions, async (expression) => {
        const expected = rows.filter((row) => accepts(expression, row));
        expect(
          cookies(await list(socketFilter(expression))),
          JSON.stringify(expression, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
        ).to.deep.equal(cookies(expected));
        kept += expected.length;
        dropped += rows.length - expected.length;
      }),
      fuzzParameters(400),
    );
  });

  /** The words of ss, and the same condition. */
  const filters: readonly (readonly [string, SocketExpression])[] = [
    ['sport = :5000', { sport: 5000 }],
    ['sport ge :5001 and dport != :5010', { sport: { min: 5001 }, not: { dport: 5010 } }],
    ['src 127.0.0.0/13', { src: '127.0.0.0/13' }],
    ['not src 127.0.0.0/8', { not: { src: '127.0.0.0/8' } }],
    ['not ( dst 127.0.0.1 or dst [::1] )', { not: { or: [{ dst: '127.0.0.1' }, { dst: '::1' }] } }],
    ['dev = lo', { dev: 1 }],
    ['fwmark = 0x10/0x10', { mark: { value: 0x10, mask: 0x10 } }],
    ['( sport = :5002 or dport = :5002 ) and not fwmark = 0x17', { or: [{ sport: 5002 }, { dport: 5002 }], not: { mark: 0x17 } }],
  ];
  for (const [words, expression] of filters) {
    it(`keeps the sockets of ss '${words}'`, async () => {
      const lines = namespace()
        .run('sh', '-c', `ss -tanieO -H ${words.replaceAll(/([()!])/g, '\\$1')} 2>/dev/null`)
        .split('\n')
        .filter((line) => line.trim() !== '');
      const shown = lines.map((line) => String(Number.parseInt(String(inetLine(line)['sk']), 16))).sort();
      expect(shown.length).to.be.above(0);
      expect(shown.length).to.be.below(rows.length);
      expect(cookies(await list(socketFilter(expression)))).to.deep.equal(shown);
    });
  }
});
