import { expect } from 'chai';
import { PATIENCE } from '../../support/patience.js';
import { requirePrograms } from '../../support/programs.js';
import { until } from '../../support/sockets.js';
import { GATEWAYS, useScene } from './scene.js';

const LONG = 3_600_000;

describe('examples/failover', function () {
  this.timeout(60_000);
  const scene = useScene();

  const gateway = (place: number, line: string): string => scene().gateways[place]!.ip(line);
  const nft = (place: number, ...words: readonly string[]): string => scene().gateways[place]!.run('nft', ...words);
  /** Filters the connections that pass the first gateway. */
  const filter = (rule: string): void => {
    const chain = `chain forward { type filter hook forward priority 0; tcp flags & (syn | ack) == syn ${rule}; }`;
    nft(0, `add table ip loss; delete table ip loss; table ip loss { ${chain}; }`);
  };
  const lost = (): number => Number(/counter packets (\d+)/.exec(nft(0, 'list table ip loss'))?.[1]);

  it('moves the default route when a link is cut, and returns when it is back', async () => {
    scene().start();
    await scene().leavesBy(0);
    gateway(0, 'link set in down');
    await scene().leavesBy(1);
    gateway(0, 'link set in up');
    await scene().leavesBy(0);
    // Here the kernel deletes the routes over the link.
    scene().host.ip('link set wan0 down');
    await scene().leavesBy(1);
    scene().host.ip('link set wan0 up');
    await scene().leavesBy(0);
    scene().host.ip('address del 192.0.2.2/24 dev wan0');
    await scene().leavesBy(1);
  });

  it('does not return within the hold time, and moves without it if the other link is cut', async () => {
    scene().start({ hold: LONG });
    await scene().leavesBy(0);
    gateway(0, 'link set in down');
    await scene().leavesBy(1);
    await scene().prints('fibre: up', () => gateway(0, 'link set in up'));
    expect(scene().defaults()).to.deep.equal([GATEWAYS[1]]);
    gateway(1, 'link set in down');
    await scene().leavesBy(0);
  });

  it('moves when the gateway is lost, which the kernel finds without the verdict of probes', async () => {
    requirePrograms('nft');
    scene().start({ failures: LONG });
    await scene().leavesBy(0);
    nft(0, 'table netdev off { chain in { type filter hook ingress device "in" priority 0; policy drop; }; }');
    scene().host.ip('neighbour flush dev wan0');
    await scene().leavesBy(1);
    expect(scene().host.ip('-j link show wan0')).to.include('"LOWER_UP"');
    nft(0, 'delete table netdev off');
    await scene().leavesBy(0);
  });

  it('stays on an uplink that loses two of three connections, and does not return to it', async () => {
    requirePrograms('nft');
    scene().start({ failures: 6, timeout: 300 * PATIENCE });
    await scene().leavesBy(0);
    const events = await scene().monitor();
    const loses = async (): Promise<void> => {
      filter('numgen inc mod 3 != 0 counter drop');
      await until('four lost connections', () => lost() >= 4, 20_000);
    };
    await loses();
    expect(await events()).to.deep.equal([]);
    expect(scene().output).to.not.include('down');
    // Without any answer, the same filter moves the route.
    filter('counter drop');
    await scene().leavesBy(1);
    await loses();
    expect(scene().output).to.not.match(/fibre: down[^]*fibre: up/);
    expect(scene().defaults()).to.deep.equal([GATEWAYS[1]]);
    nft(0, 'delete table ip loss');
    await scene().leavesBy(0);
  });

  it('keeps the route when both links are cut, and uses the first one that is back', async () => {
    scene().start({ hold: LONG });
    await scene().leavesBy(0);
    gateway(0, 'link set in down');
    await scene().leavesBy(1);
    await scene().prints('lte: down', () => gateway(1, 'link set in down'));
    expect(scene().defaults()).to.deep.equal([GATEWAYS[1]]);
    gateway(0, 'link set in up');
    await scene().leavesBy(0);
    await scene().prints('lte: up', () => gateway(1, 'link set in up'));
    expect(scene().defaults()).to.deep.equal([GATEWAYS[0]]);
  });

  it('has no default route until an uplink works', async () => {
    for (const place of [0, 1]) gateway(place, 'link set in down');
    await scene().prints('lte: down', () => scene().start());
    expect(scene().defaults()).to.deep.equal([]);
    gateway(1, 'link set in up');
    await scene().leavesBy(1);
  });
});
