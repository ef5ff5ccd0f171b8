import { expect } from 'chai';
import type { NetworkDocument } from '../../../../lib/network/documents/document.js';
import type { RuleSpec } from '../../../../lib/network/rules/rule.js';
import { useRoutes, type ShownRoute } from '../routes.js';
import { countWrites, failure, one, shown } from '../support.js';

const TABLE = "is not a routing table: for 0, the kernel chooses a table; write 'main', or a number from 1";

/** Values that the kernel accepts with another meaning. */
const WRONG: readonly (readonly [Partial<RuleSpec>, path: string, text: string])[] = [
  [{ family: 4, table: 0 }, 'table', `table: 0 ${TABLE}`],
  [{ family: 6, table: 'unspec' }, 'table', `table: 'unspec' ${TABLE}`],
  [{ family: 4, mark: 1, mask: 0 }, 'mask', 'mask: 0 compares no bit, so that every packet matches; omit mask and mark'],
  [{ family: 6, mark: 0, mask: 0 }, 'mask', 'mask: 0 compares no bit'],
  [{ family: 4, mark: 3, mask: 1 }, 'mask', 'mask: 0x1 lacks bits of mark 0x3, which would not be compared; add them, or omit mask'],
  [{ family: 4, mark: 0xffff_ffff, mask: 0x7fff_ffff }, 'mask', 'mask: 0x7fffffff lacks bits of mark 0xffffffff'],
  [{ family: 4, dscp: 3, dscpMask: 1 }, 'dscpMask', 'dscpMask: 0x1 lacks bits of dscp 0x3'],
  [{ family: 4, ports: 3, portMask: 1 }, 'portMask', 'portMask: 0x1 lacks bits of ports 0x3'],
  [
    { family: 4, suppressPrefixLength: 33 },
    'suppressPrefixLength',
    'suppressPrefixLength: expected an integer from 0 to 32 for an IPv4 rule, not 33',
  ],
  [{ family: 6, suppressPrefixLength: 129 }, 'suppressPrefixLength', 'expected an integer from 0 to 128, not 129'],
];

describe('values of rules and routes that the kernel understands otherwise', () => {
  const routes = useRoutes();
  const rules = (family: 4 | 6 = 4): readonly ShownRoute[] => shown<ShownRoute>(routes().namespace, `ip -${family} -j rule show prio 700`);

  afterEach(async () => {
    const all = await one(routes().net.rules.list({ priority: 700 }));
    await one(routes().net.rules.deleteMany(all));
  });

  for (const [fields, path, text] of WRONG) {
    it(`rejects the rule ${JSON.stringify(fields)} before a request`, async () => {
      const { net } = routes();
      const rule = { priority: 700, ...fields };
      const document: NetworkDocument = { version: 1, rules: [rule] };
      const writes = await countWrites(async () => {
        for (const verb of [net.rules.add(rule), net.rules.ensure(rule)]) {
          const error = await failure(verb, 'invalid');
          expect(error.path).to.equal(path);
          expect(error.message).to.include(text);
        }
        for (const verb of [net.rules.addMany([rule]), net.rules.ensureMany([rule])])
          expect((await one(verb)).failed.map(({ error }) => error.path)).to.deep.equal([path]);
        for (const verb of [net.plan(document), net.apply(document)])
          expect((await failure(verb, 'invalid')).path).to.equal(`rules[0].${path}`);
      });
      expect(writes).to.equal(0);
      expect([...rules(), ...rules(6)]).to.deep.equal([]);
    });
  }

  it('rejects a route of table 0, which the kernel puts into the main table', async () => {
    const { net, judge } = routes();
    for (const to of ['10.77.0.0/16', 'fd77::/64'])
      for (const table of [0, 'unspec']) {
        const route = { to, link: 'v0', table } as const;
        for (const verb of [net.routes.add(route), net.routes.ensure(route), net.routes.replace(route)])
          expect((await failure(verb, 'invalid')).message).to.include(TABLE);
        expect((await one(net.routes.addMany([route]))).failed[0]!.error.path).to.equal('table');
        expect((await failure(net.apply({ version: 1, routes: [route] }), 'invalid')).path).to.equal('routes[0].table');
        expect(judge(to)).to.deep.equal([]);
        expect(judge(to, 6)).to.deep.equal([]);
      }
  });

  it('writes and reads a mark of 0, which the kernel compares with a mask only', async () => {
    const { net, namespace } = routes();
    for (const [fields, words] of [
      [{ mark: 0 }, 'fwmark 0/0xffffffff'],
      [{ mark: 0, mask: 0xff }, 'fwmark 0/0xff'],
      [{ mark: 5 }, 'fwmark 5'],
    ] as const) {
      namespace.ip(`rule add prio 700 table 5 protocol static ${words}`);
      const expected = rules();
      const rule = { family: 4, priority: 700, table: 5, ...fields } as const;
      const found = await one(net.rules.get({ priority: 700 }));
      expect(found).to.deep.equal({ ...rule, action: 'lookup', protocol: 'static' });
      expect(await countWrites(() => one(net.rules.ensure(rule)))).to.equal(0);
      await one(net.rules.delete(found));
      await one(net.rules.add(rule));
      expect(rules()).to.deep.equal(expected);
      await one(net.rules.delete(rule));
    }
  });

  it('accepts the longest prefix of each IP version', async () => {
    const { net } = routes();
    for (const [family, length] of [
      [4, 32],
      [6, 128],
    ] as const) {
      await one(net.rules.add({ family, priority: 700, suppressPrefixLength: length, table: 5 }));
      expect(rules(family).map(({ suppress_prefixlen }) => suppress_prefixlen)).to.deep.equal([length]);
    }
  });
});
