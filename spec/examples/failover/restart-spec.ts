import { expect } from 'chai';
import { until } from '../../support/sockets.js';
import { GATEWAYS, useScene } from './scene.js';

describe('examples/failover, its start and its end', function () {
  this.timeout(60_000);
  const scene = useScene();

  it('takes over what a killed run has left, without a change of a route or rule', async () => {
    const first = scene().start({ hold: 3_600_000 });
    await scene().leavesBy(0);
    scene().gateways[0]!.ip('link set in down');
    await scene().leavesBy(1);
    await scene().prints('fibre: up', () => scene().gateways[0]!.ip('link set in up'));
    const state = scene().state();
    await scene().end(first, 'SIGKILL');
    expect(scene().state()).to.equal(state);

    const events = await scene().monitor();
    scene().output = '';
    // The second run returns to the preferred uplink after the hold time only.
    await scene().prints('fibre: up', () => scene().start({ hold: 3_600_000 }));
    await until('the verdict of the other uplink', () => scene().output.includes('lte: up'));
    expect(await events()).to.deep.equal([]);
    expect(scene().state()).to.equal(state);
    expect(scene().defaults()).to.deep.equal([GATEWAYS[1]]);
    expect(JSON.parse(scene().host.ip('-j rule'))).to.have.lengthOf(3 + 4);
  });

  it('deletes its own routes and rules at SIGTERM, and no others', async () => {
    scene().host.batch([
      'route add default via 192.0.2.1 metric 500',
      'route add 10.7.0.0/16 via 198.51.100.1 table 101',
      'rule add from 192.0.2.2 lookup 101 priority 900',
    ]);
    const before = scene().state();
    const child = scene().start();
    await scene().prints('the default route leaves by fibre', () => undefined);
    await until('the second default route', () => scene().defaults().length === 2);
    expect(scene().state()).to.not.equal(before);
    expect(await scene().end(child, 'SIGTERM')).to.equal(0);
    expect(scene().state()).to.equal(before);
    expect(scene().output).to.match(/the routes and rules are deleted\n$/);
  });

  it('deletes nothing at SIGTERM that is gone already', async () => {
    const before = scene().state();
    const child = scene().start();
    await scene().leavesBy(0);
    scene().host.ip('link del wan0');
    await scene().leavesBy(1);
    expect(await scene().end(child, 'SIGINT')).to.equal(0);
    expect(scene().state()).to.not.include('"table":"102"').and.not.include('192.0.2.2');
    expect(JSON.parse(scene().host.ip('-j rule'))).to.have.lengthOf(3);
    expect(before).to.include('wan0');
  });

  it('writes a route and a rule again that another program has deleted', async () => {
    scene().start();
    await scene().leavesBy(0);
    const state = scene().state();
    scene().host.batch(['route del default', 'rule del priority 1001', 'route flush table 102']);
    expect(scene().state()).to.not.equal(state);
    await until('the state as before', () => scene().state() === state, 15_000);
  });

  it('runs twice at once with one default route, and the second run goes on after the first', async () => {
    const first = scene().start();
    scene().start();
    await scene().leavesBy(0);
    await until('the verdicts of both runs', () => scene().output.split('lte: up\n').length === 3, 15_000);
    scene().gateways[0]!.ip('link set in down');
    await scene().leavesBy(1);
    const state = scene().state();
    // It deletes the routes and rules; the other run writes them again.
    expect(await scene().end(first, 'SIGTERM')).to.equal(0);
    await until('the state as before', () => scene().state() === state, 15_000);
    scene().gateways[0]!.ip('link set in up');
    await scene().leavesBy(0);
  });

  it('ends with code 1 and one line without the capability, and writes nothing', async () => {
    const state = scene().state();
    const child = scene().start({}, ['setpriv', '--bounding-set=-all', '--inh-caps=-all']);
    await until('the exit', () => child.exitCode !== null, 15_000);
    expect(child.exitCode).to.equal(1);
    expect(scene().output).to.match(/^failover needs the capability CAP_NET_ADMIN [^\n]*as root[^\n]*\n$/);
    expect(scene().state()).to.equal(state);
  });

  it('ends with code 1 and the reason for a wrong configuration', async () => {
    const child = scene().start({ hold: -1 });
    await until('the exit', () => child.exitCode !== null, 15_000);
    expect(child.exitCode).to.equal(1);
    expect(scene().output).to.match(/failover\.json: hold: -1 is not an integer from 0 to 2147483647\n$/);
  });
});
