import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { readDatagrams } from '../../../lib/cli/decode/input/read-datagrams.js';
import { Protocol, KERNEL_ORIGIN, hostIsLittleEndian } from '../../../lib/index.js';
import { decodePcap, encodePcap } from '../../../lib/testing/index.js';
import { until } from '../../kernel/cli/command.js';
import { spawn } from '../../support/programs.js';
import { datagramsOf, fixture } from './decoded.js';

const MAIN = resolve(import.meta.dirname, '../../../dist/cli/main.js');

/** Gives bytes in pieces. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size: number): Promise<object[]> {
  const found: object[] = [];
  for await (const { bytes: datagram, protocol, direction, place } of readDatagrams(pieces(bytes, size), Protocol.Route))
    found.push({ bytes: Buffer.from(datagram).toString('hex'), protocol, direction, place });
  return found;
}

describe('rxnetlink decode: input that arrives in pieces', () => {
  let pcap: Uint8Array;
  before(async function () {
    if (!hostIsLittleEndian) this.skip();
    const logged = await datagramsOf(fixture('ip.log'));
    pcap = encodePcap({
      datagrams: logged.map(({ bytes, protocol, direction = 'sent' }, index) => ({
        ...KERNEL_ORIGIN,
        bytes,
        protocol,
        direction,
        time: index + 1,
      })),
    });
  });

  for (const size of [1, 7, 4096])
    it(`reads the same datagrams from pieces of ${String(size)} bytes: pcap, log of strace`, async () => {
      const expected = decodePcap(pcap).datagrams.map(({ bytes, protocol, direction }, index) => ({
        bytes: Buffer.from(bytes).toString('hex'),
        protocol,
        direction,
        place: `datagram ${String(index + 1)}`,
      }));
      expect(await read(pcap, size)).to.deep.equal(expected);
      const log = readFileSync(fixture('ss.log'));
      expect(await read(log, size)).to.deep.equal(await read(log, log.byteLength));
    });

  it('names the place of a fault in the whole file, after the datagrams before it', async () => {
    const broken = Buffer.concat([pcap, Buffer.alloc(9)]);
    let error: unknown;
    const found: unknown[] = [];
    try {
      for await (const datagram of readDatagrams(pieces(broken, 1000), Protocol.Route)) found.push(datagram);
    } catch (thrown) {
      error = thrown;
    }
    expect(found).to.have.length(decodePcap(pcap).datagrams.length);
    expect(error).to.have.property(
      'message',
      `EDECODE pcap: the file ends within the header of a record (offset ${String(pcap.byteLength)})`,
    );
  });

  it('prints the messages of a pipe while it stays open, and ends at Ctrl-C', async function () {
    this.timeout(60_000);
    const child = spawn(process.execPath, [MAIN, 'decode', '-', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      const ended = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
      const half = Math.floor(pcap.byteLength / 2);
      child.stdin.write(pcap.subarray(0, half));
      await until(() => out.includes('\n'), 'decode printed nothing before the end of its input');
      const before = out.length;
      child.stdin.write(pcap.subarray(half));
      await until(() => out.length > before, 'decode printed no more');
      child.kill('SIGINT');
      expect(await ended).to.deep.equal({ code: 130, signal: null });
    } finally {
      child.kill('SIGKILL');
    }
  });
});
