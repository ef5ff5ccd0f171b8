import { expect } from 'chai';
import { useRecvmmsgShim } from './recvmmsg-shim.js';

const SCRIPT = `
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const file = shim + '/fail';
const slabs = [];
const connection = open((buffer) => { const { count, lost, drained, dropped } = Slab.of(buffer); slabs.push({ count, lost, drained, dropped }); });
`;

describe('native socket, errors of recvmmsg', () => {
  const shim = useRecvmmsgShim();
  const run = (script: string) => shim.run(SCRIPT + script);

  it('reports a loss at most ten times a second while an error persists, and continues when it ends', async () => {
    const ENOMEM = 12;
    const { stdout, stderr, code } = await run(`
      writeFileSync(file, '${ENOMEM}');
      connection.send(dump(), 32);
      await sleep(50);
      const before = process.cpuUsage();
      await sleep(500);
      const { user, system } = process.cpuUsage(before);
      const failing = slabs.length;
      rmSync(file);
      await sleep(250);
      connection.close();
      console.log(JSON.stringify({ failing, milliseconds: (user + system) / 1000, slabs }));
    `);
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    const result = JSON.parse(stdout) as {
      failing: number;
      milliseconds: number;
      slabs: { count: number; lost: boolean; drained: boolean }[];
    };
    expect(result.failing).to.be.within(2, 7);
    expect(result.milliseconds).to.be.lessThan(100);
    expect(result.slabs.slice(0, result.failing)).to.deep.equal(
      new Array(result.failing).fill({ count: 0, lost: true, drained: true, dropped: 0 }),
    );
    // The dump was queued all the time.
    expect(result.slabs.slice(result.failing).reduce((sum, { count }) => sum + count, 0)).to.be.greaterThan(0);
    expect(result.slabs.at(-1)).to.include({ lost: false, drained: true });
  });

  it('stops reading when the descriptor is no longer a socket', async () => {
    const ENOTSOCK = 88;
    const { stdout } = await run(`
      writeFileSync(file, '${ENOTSOCK}');
      connection.send(dump(), 32);
      await sleep(400);
      rmSync(file);
      await sleep(200);
      connection.close();
      console.log(JSON.stringify(slabs));
    `);
    expect(JSON.parse(stdout)).to.deep.equal([{ count: 0, lost: true, drained: true, dropped: 0 }]);
  });

  it('reports the loss of an error within exchange on the loop, although no datagram follows', async () => {
    const { stdout } = await run(`
      writeFileSync(file, '105');
      const slab = connection.exchange(dump(), 32, 2);
      rmSync(file);
      const at = slabs.length;
      await sleep(100);
      connection.close();
      console.log(JSON.stringify({ inline: slab === undefined, at, slabs }));
    `);
    const { inline, at, slabs } = JSON.parse(stdout) as { inline: boolean; at: number; slabs: { count: number; lost: boolean }[] };
    expect({ inline, at }).to.deep.equal({ inline: true, at: 0 });
    expect(slabs.filter(({ lost }) => lost)).to.have.length(1);
    expect(slabs.at(-1)?.lost).to.equal(true);
    expect(slabs.reduce((sum, { count }) => sum + count, 0)).to.be.greaterThan(0);
  });
});
