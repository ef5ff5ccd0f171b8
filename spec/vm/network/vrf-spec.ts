import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { network, type Network } from '../../../lib/network/network.js';
import type { RouteSpec } from '../../../lib/network/routes/route.js';
import type { RuleSpec } from '../../../lib/network/rules/rule.js';
import { countWrites, failure, one, shown } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { modules } from '../support.js';

describe('VRFs as routing tables, on the wide kernel', () => {
  before(() => modules('dummy', 'vrf'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add red type vrf table 4711', 'link property add dev red altname crimson', 'link add p0 type dummy']);
    namespace().batch(['link set red up', 'link set p0 master red', 'link set p0 up', 'addr add 10.1.0.1/24 dev p0']);
  });
  after(() => net?.close());

  const routes = (table: number): readonly unknown[] =>
    shown<{ readonly dst: string; readonly protocol: string }>(namespace(), `ip -j route show table ${table}`)
      .filter(({ protocol }) => protocol === 'static')
      .map(({ dst }) => dst);

  it('stand for their tables in every verb of routes', async () => {
    const spec: RouteSpec = { to: '10.9.0.0/16', via: '10.1.0.9', table: 'red' };
    expect((await one(net.routes.add(spec))).table).to.equal(4711);
    expect(routes(4711)).to.deep.equal(['10.9.0.0/16']);
    expect(await countWrites(() => one(net.routes.ensure({ ...spec, table: 'crimson' })))).to.equal(0);
    expect(await countWrites(() => one(net.routes.ensureMany([spec])))).to.equal(0);
    await one(net.routes.replace({ ...spec, to: '10.8.0.0/16' }));
    await one(net.routes.addMany([{ ...spec, to: '10.7.0.0/16' }]));
    expect(routes(4711)).to.have.members(['10.9.0.0/16', '10.8.0.0/16', '10.7.0.0/16']);
    const listed = await one(net.routes.list({ table: 'red', protocol: 'static' }));
    expect(listed.map(({ to }) => to)).to.have.members(routes(4711));
    expect((await firstValueFrom(net.view({ routes: { table: 'red', protocol: 'static' } }))).routes.size).to.equal(3);
    const watched = await firstValueFrom(net.routes.watch({ table: 'red', protocol: 'static' }));
    expect(watched.type === 'synced' && watched.entries.length).to.equal(3);
    expect((await one(net.routes.get({ to: '10.9.0.0/16', table: 'red' }))).via).to.equal('10.1.0.9');
    expect((await one(net.routes.change({ to: '10.9.0.0/16', table: 'red' }, { mtu: 1400 }))).changed).to.have.length(1);
    await one(net.routes.delete({ to: '10.9.0.0/16', table: 'red' }));
    expect(await one(net.routes.ensureAbsent({ to: '10.9.0.0/16', table: 'red' }))).to.equal(false);
    await one(
      net.routes.deleteMany([
        { to: '10.8.0.0/16', table: 'red' },
        { to: '10.7.0.0/16', table: 'crimson' },
      ]),
    );
    expect(routes(4711)).to.deep.equal([]);
  });

  it('stand for their tables in rules', async () => {
    const spec: RuleSpec = { priority: 900, from: '10.1.0.0/16', table: 'red' };
    expect((await one(net.rules.add(spec))).table).to.equal(4711);
    expect(
      shown<{ readonly priority: number; readonly table: string }>(namespace(), 'ip -j rule').find(({ priority }) => priority === 900)!
        .table,
    ).to.equal('4711');
    expect(await countWrites(() => one(net.rules.ensure(spec)))).to.equal(0);
    expect(await one(net.rules.list({ table: 'red' }))).to.have.length(1);
    await one(net.rules.delete(spec));
  });

  it('are read again for each verb, and other links are not tables', async () => {
    namespace().batch(['link del red', 'link add red type vrf table 4712', 'link set red up', 'link set p0 master red', 'link set p0 up']);
    await one(net.routes.add({ to: '10.9.0.0/16', link: 'p0', table: 'red' }));
    expect(routes(4712)).to.deep.equal(['10.9.0.0/16']);
    const error = await failure(net.routes.add({ to: '10.9.0.0/16', link: 'p0', table: 'p0' }), 'unknown-name');
    expect(error.message).to.include("no routing table is named 'p0'");
    expect((await one(net.routes.addMany([{ to: '10.9.0.0/16', link: 'p0', table: 'nope' }]))).failed[0]!.error.reason).to.equal(
      'unknown-name',
    );
  });
});
