import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import type { DecodedMessage } from '../../../lib/cli/decode/message/decoded-message.js';
import { network } from '../../../lib/network/index.js';
import { replayKernel } from '../../../lib/testing/index.js';
import { runCli } from '../../cli/run-cli.js';
import { useNamespace } from '../../support/namespace.js';
import { spawn, usePrograms } from '../../support/programs.js';
import { until } from '../../support/sockets.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** Milliseconds for the start of the command, beside other specs. */
const PATIENT = 20_000;

/** Returns false for a process that has ended, also if its parent has not waited for it: then it has no command line. */
function isRunning(process: number): boolean {
  const path = `/proc/${String(process)}/cmdline`;
  return existsSync(path) && readFileSync(path).byteLength > 0;
}

/** Starts the command, in a network namespace if a path is given. */
function start(netns: string | undefined, ...words: readonly string[]): ChildProcess {
  const command = [process.execPath, MAIN, ...words];
  const [program = '', ...rest] = netns === undefined ? command : ['nsenter', `--net=${netns}`, '--', ...command];
  return spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs the command to its end. */
async function finish(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const closed = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  await closed;
  return { code: child.exitCode, out, err };
}

const messages = (out: string): DecodedMessage[] =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as DecodedMessage);

describe('rxnetlink trace', () => {
  usePrograms('strace', 'ip', 'nsenter');
  const namespace = useNamespace();
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-trace-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('prints the messages of a command, and leaves its output visible', async () => {
    const { code, out, err } = await finish(start(namespace().path, 'trace', '--', 'ip', 'link', 'show', 'lo'));
    expect(code).to.equal(0);
    expect(out).to.match(/^0\.000 ms {2}> {2}\d+ {2}rt-link getlink {2}route {2}request {2}sequence \d+ port 0\n/);
    const [{ mtu, qdisc }] = JSON.parse(namespace().run('ip', '-j', 'link', 'show', 'lo')) as [{ mtu: number; qdisc: string }];
    expect(out).to.match(/^[\d.]+ ms {2}< {2}\d+ {2}rt-link getlink reply /m);
    for (const line of ['  ifname: lo', `  mtu: ${String(mtu)}`, `  qdisc: ${qdisc}`]) expect(out.split('\n')).to.include(line);
    expect(err).to.equal(namespace().run('ip', 'link', 'show', 'lo'));
  }).timeout(30_000);

  it('passes the exit code on, decodes errors, and writes a capture', async () => {
    const file = join(folder, 'trace.pcap');
    const script = 'exec 2>&- >&-; ip link set nosuch0 mtu 9000; exit 7';
    const enter = ['nsenter', `--net=${namespace().path}`, '--', 'sh', '-c', script];
    const { code, out } = await runCli('trace', '--json', '--write', file, '--', ...enter);
    expect(code).to.equal(7);
    const errors = messages(out).filter(({ kind }) => kind === 'error');
    expect(errors[0]?.error).to.include({ code: 'ENODEV', errno: -19 });
    const decoded = await runCli('decode', file, '--json');
    expect(decoded.code).to.equal(0);
    const plain = ({ operation, kind, sequence }: DecodedMessage): object => ({ operation, kind, sequence });
    expect(messages(decoded.out).map(plain)).to.deep.equal(messages(out).map(plain));
  });

  it('attaches to a process of another namespace, and leaves it alone after Ctrl-C', async () => {
    const monitor = spawn('nsenter', [`--net=${namespace().path}`, '--', 'ip', 'monitor', 'link'], { stdio: 'ignore' });
    const trace = start(undefined, 'trace', '--json', '-p', String(monitor.pid));
    try {
      let out = '';
      trace.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
      // Each change is an event; strace sees those after it has attached.
      let mtu = 1300;
      await until(
        'an event',
        () => {
          namespace().ip(`link set lo mtu ${String(++mtu)}`);
          return out.includes('newlink-ntf');
        },
        PATIENT,
      );
      trace.kill('SIGINT');
      await once(trace, 'close');
      expect(trace.exitCode).to.equal(130);
      const [event] = messages(out).filter(({ operation }) => operation === 'newlink-ntf');
      // RTNLGRP_LINK is 1 (linux/rtnetlink.h).
      expect(event).to.include({ protocol: 'route', direction: 'received', kind: 'notification', family: 'rt-link', group: 1 });
      expect(monitor.exitCode).to.equal(null);
    } finally {
      monitor.kill();
      trace.kill('SIGKILL');
    }
  }).timeout(40_000);

  it('ends the command at Ctrl-C, and writes the capture', async () => {
    const file = join(folder, 'interrupted.pcap');
    const trace = start(namespace().path, 'trace', '--write', file, '--', 'sh', '-c', 'echo $$; ip link show lo; exec sleep 60');
    try {
      let out = '';
      let err = '';
      trace.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
      trace.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
      await until('the reply', () => out.includes('getlink reply'), PATIENT);
      trace.kill('SIGINT');
      await once(trace, 'close');
      expect(trace.exitCode).to.equal(130);
      const command = Number(err.split('\n')[0]);
      expect(command).to.be.above(1);
      await until('the end of the command', () => !isRunning(command));
      const { code, out: decoded } = await runCli('decode', file, '--json');
      expect(code).to.equal(0);
      expect(messages(decoded).map(({ kind }) => kind)).to.include.members(['request', 'reply']);
    } finally {
      trace.kill('SIGKILL');
    }
  }).timeout(40_000);

  it('records tables, and the capture answers the same requests in a test', async () => {
    const file = join(folder, 'links.txt');
    const { code, err } = await runCli('record', file, 'links', '--netns', namespace().path, '--for', '0.3s');
    expect(code).to.equal(0);
    expect(err).to.match(/^\d+ messages in /);
    using live = network({ netns: namespace().path });
    using replayed = network({ transport: replayKernel(file) });
    const expected = await lastValueFrom(live.links.list());
    expect(await lastValueFrom(replayed.links.list())).to.deep.equal(expected);
    const { out } = await runCli('replay', file, '--json', '--speed', '100');
    expect(messages(out)[0]).to.include({ kind: 'request', family: 'rt-link', operation: 'getlink', mode: 'dump' });
  });
});
