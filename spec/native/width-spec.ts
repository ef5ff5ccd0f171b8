import { expect } from 'chai';
import { useRecvmmsgShim } from './recvmmsg-shim.js';

const MOST_OF_A_WAKE_UP = 64;

/** Opens two user sockets. Datagrams are in the queue of the other one at once, so a wake-up finds all of them. */
const PAIR = `
  const slabs = [];
  const receiver = open((buffer) => slabs.push(Slab.of(buffer).count), { protocol: 2 });
  const sender = open(undefined, { protocol: 2 });
  receiver.setBufferSize('receive', 4 << 20);
  const send = (count, length) => {
    for (let sent = 0; sent < count; sent++) sender.send(new Uint8Array(length), length, { portId: receiver.portId });
  };
  const rest = () => new Promise((resolve) => setTimeout(resolve, 50));
`;

describe('native socket, datagrams per read', () => {
  const shim = useRecvmmsgShim();

  const read = async (script: string): Promise<{ slabs: number[]; widths: (readonly [asked: number, result: number])[] }> => {
    const { stdout, stderr, calls } = await shim.run(`${PAIR}${script}; await rest(); console.log(JSON.stringify(slabs)); process.exit();`);
    expect(stderr).to.equal('');
    return { slabs: JSON.parse(stdout) as number[], widths: calls.map(({ asked, result }) => [asked, result] as const) };
  };

  it('adapts to the received datagrams, not to datagramSize: 1,000 small ones need less than 40 calls', async () => {
    const { slabs, widths } = await read('send(1000, 100)');
    expect(slabs.reduce((sum, count) => sum + count, 0)).to.equal(1000);
    expect(Math.max(...slabs)).to.equal(MOST_OF_A_WAKE_UP);
    expect(widths.length).to.be.lessThan(40);
    expect(widths.filter(([asked, result]) => asked === MOST_OF_A_WAKE_UP && result === MOST_OF_A_WAKE_UP)).to.have.length.above(8);
  });

  it('decreases at once for large datagrams, and increases slowly afterwards', async () => {
    const { slabs, widths } = await read('send(200, 100); await rest(); send(10, 180_000); await rest(); send(300, 100)');
    expect(slabs.reduce((sum, count) => sum + count, 0)).to.equal(510);
    const large = widths.findIndex(([asked, result]) => asked === MOST_OF_A_WAKE_UP && result === 10);
    expect(large).to.be.greaterThan(0);
    const after = widths.slice(large + 1).filter(([, result]) => result > 0);
    expect(after[0]?.[0]).to.be.lessThan(8);
    expect(after.at(-1)?.[0]).to.be.greaterThan(30);
  });
});
