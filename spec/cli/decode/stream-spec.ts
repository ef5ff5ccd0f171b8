import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { readDatagrams } from '../../../lib/cli/decode/input/read-datagrams.js';
import { Protocol, KERNEL_ORIGIN } from '../../../lib/index.js';
import { decodePcap, encodePcap } from '../../../lib/testing/index.js';
import { until } from '../../kernel/cli/command.js';
import { needsChildNode } from '../../support/emulator.js';
import { run, spawn } from '../../support/programs.js';
import { needsLittleEndian } from '../../support/host-order.js';
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

/** Returns true if a process has opened a file. */
function holds(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(join(folder, name)) === path;
    } catch {
      // The process closed it meanwhile.
      return false;
    }
  });
}

describe('rxnetlink decode: input that arrives in pieces', () => {
  let pcap: Uint8Array;
  before(async function () {
    needsLittleEndian(this);
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

  it('keeps the byte order that the first datagram has decided when a later one, in a piece of its own, looks like the other', async () => {
    const misleading = Uint8Array.of(0, 0, 0, 20, ...new Uint8Array(16));
    const { datagrams } = decodePcap(pcap);
    const bytes = encodePcap({ datagrams: [datagrams[0]!, { ...datagrams[0]!, bytes: misleading }, datagrams[1]!] });
    const [first, second] = [24 + 32 + datagrams[0]!.bytes.byteLength, 32 + misleading.byteLength];
    const ends = [0, first, first + second, bytes.byteLength];
    const parts = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
    const found: string[] = [];
    for await (const { bytes: datagram } of readDatagrams(Readable.from(parts), Protocol.Route))
      found.push(Buffer.from(datagram).toString('hex'));
    expect(found).to.deep.equal([datagrams[0]!.bytes, misleading, datagrams[1]!.bytes].map((all) => Buffer.from(all).toString('hex')));
  });

  it('reports a damaged length at once, after the datagrams before it, while the input stays open', async () => {
    const damaged = Buffer.concat([pcap, Buffer.alloc(16, 0x7f)]);
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield damaged;
      // The input has no end; a reader that waits for the whole packet gets here.
      for (let count = 0; count < 100; count++) yield new Uint8Array(1 << 20);
      throw new Error('100 MiB were read after the damaged length');
    }
    const found: unknown[] = [];
    let error: unknown;
    try {
      for await (const datagram of readDatagrams(endless(), Protocol.Route)) found.push(datagram);
    } catch (thrown) {
      error = thrown;
    }
    expect(found).to.have.length(decodePcap(pcap).datagrams.length);
    expect(error).to.have.property(
      'message',
      `EDECODE pcap: the length of a packet is 2139062143; expected at most 16777216, the file is damaged (offset ${pcap.byteLength + 8})`,
    );
  });

  it('copies a long packet that arrives in small pieces once', async () => {
    const large = new Uint8Array(8 << 20);
    new DataView(large.buffer).setUint32(0, large.byteLength, true);
    const bytes = encodePcap({ datagrams: [{ ...KERNEL_ORIGIN, bytes: large, protocol: 0, direction: 'sent', time: 1 }] });
    const concat = Buffer.concat.bind(Buffer);
    let copied = 0;
    Buffer.concat = (list, length) => {
      const all = concat(list, length);
      copied += all.byteLength;
      return all;
    };
    try {
      let count = 0;
      for await (const { bytes: datagram } of readDatagrams(pieces(bytes, 1 << 16), Protocol.Route)) count += datagram.byteLength;
      expect(count).to.equal(large.byteLength);
    } finally {
      Buffer.concat = concat;
    }
    expect(copied / bytes.byteLength).to.be.below(4);
  });

  for (const [title, isWritten] of [
    ['that no program writes to', false],
    ['that stays open', true],
  ] as const) {
    it(`ends at Ctrl-C while it reads a FIFO ${title}`, async function () {
      needsChildNode(this);
      this.timeout(60_000);
      const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-fifo-'));
      const fifo = join(folder, 'fifo');
      run('mkfifo', [fifo]);
      const child = spawn(process.execPath, [MAIN, 'decode', fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
      let writer: number | undefined;
      try {
        const ended = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
        let out = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
        await until(() => holds(child.pid!, fifo), 'decode did not open the FIFO');
        if (isWritten) {
          writer = openSync(fifo, 'w');
          writeSync(writer, pcap);
          await until(() => out !== '', 'decode printed nothing');
        }
        child.kill('SIGINT');
        expect(await ended).to.deep.equal({ code: 130, signal: null });
      } finally {
        child.kill('SIGKILL');
        if (writer !== undefined) closeSync(writer);
        rmSync(folder, { recursive: true });
      }
    });
  }

  it('prints the messages of a pipe while it stays open, and ends at Ctrl-C', async function () {
    needsChildNode(this);
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
