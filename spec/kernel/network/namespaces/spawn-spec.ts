import { once } from 'node:events';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { namespaces } from '../../../../lib/network/namespaces/namespaces.js';
import { PATIENCE } from '../../../support/patience.js';
import { run, spawn } from '../../../support/programs.js';
import { pause, until } from '../../../support/sockets.js';
import { needsOtherUsers } from '../../native/needs.js';
import { failure, one } from '../support.js';
import { useNames } from './names.js';

/** Waits for the end of a process, and returns it with its output. */
async function ended(child: ChildProcess): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: unknown }> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close') as Promise<[number | null, string | null]>,
  ]);
  return { stdout, stderr, status: signal ?? code };
}

describe('namespaces: spawn', function () {
  this.timeout(20_000 * PATIENCE);
  const names = useNames();
  let name: string;
  let inside: string;
  let directory: string;
  before(() => {
    name = names.add();
    inside = `net:[${statSync(`/run/netns/${name}`).ino}]`;
    directory = mkdtempSync(join(tmpdir(), 'rxnl-spawn-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const sh = (script: string, options: SpawnOptions = {}): Observable<ChildProcess> =>
    namespaces.spawn(name, 'sh', ['-c', script], options);

  it('starts a program in the namespace, in the process that it emits', async () => {
    run('ip', ['-n', name, 'link', 'add', 'here0', 'type', 'ifb']);
    const child = await one(namespaces.spawn(name, 'cat'));
    await once(child, 'spawn');
    expect(readlinkSync(`/proc/${child.pid ?? 0}/ns/net`)).to.equal(inside);
    expect(readFileSync(`/proc/${child.pid ?? 0}/cmdline`, 'utf8')).to.equal('cat\0');
    expect(child).to.include({ spawnfile: 'cat', exitCode: null });
    expect([child.spawnargs, child.stdio]).to.deep.equal([['cat'], [child.stdin, child.stdout, child.stderr]]);
    child.stdin.end('through the pipes');
    expect(await ended(child)).to.deep.equal({ stdout: 'through the pipes', stderr: '', status: 0 });
    const { stdout } = await ended(await one(namespaces.spawn(name, 'ip', ['-j', 'link'])));
    const links = (JSON.parse(stdout) as { readonly ifname: string }[]).map(({ ifname }) => ifname);
    expect(links).to.deep.equal(['lo', 'here0']);
    const own = readdirSync('/proc/self/task').map((thread) => readlinkSync(`/proc/self/task/${thread}/ns/net`));
    expect(new Set(own).size).to.equal(1);
    expect(own[0]).not.to.equal(inside);
  });

  it('enters by path, descriptor, process and directory', async () => {
    const fd = openSync(`/run/netns/${name}`, 'r');
    const holder = await one(namespaces.spawn(name, 'sleep', ['60']));
    const places = [`/run/netns/${name}`, { fd }, { pid: holder.pid ?? 0 }] as const;
    const found = await Promise.all(
      places.map(async (place) => (await ended(await one(namespaces.spawn(place, 'readlink', ['/proc/self/ns/net'])))).stdout.trim()),
    );
    expect(found).to.deep.equal([inside, inside, inside]);
    const elsewhere = namespaces.spawn(name, 'readlink', ['/proc/self/ns/net'], { directory: '/var/run/netns' });
    expect((await ended(await one(elsewhere))).stdout.trim()).to.equal(inside);
    // The descriptor still belongs to the caller.
    closeSync(fd);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  });

  it('passes exit codes, signals and the output of programs that end at once', async () => {
    const runs = await Promise.all(
      Array.from({ length: 6 }, async (_, code) => ended(await one(sh(`echo out; echo err >&2; exit ${code}`)))),
    );
    expect(runs).to.deep.equal(runs.map((_, code) => ({ stdout: 'out\n', stderr: 'err\n', status: code })));
    const sleeping = await one(namespaces.spawn(name, 'sleep', ['60']));
    expect(sleeping.kill('SIGUSR1')).to.equal(true);
    expect((await ended(sleeping)).status).to.equal('SIGUSR1');
  });

  it('gives the program the environment, descriptors and signals that spawn of Node.js gives', async () => {
    const options: SpawnOptions = {
      cwd: directory,
      env: {
        PATH: process.env['PATH'],
        NODE_OPTIONS: '--no-such-option',
        LD_LIBRARY_PATH: '/x',
        'A B': 'c\nd=e',
        UNSET: undefined,
        RXNETLINK_PROGRAM_A: 'b',
      },
      argv0: 'another-name',
    };
    // SigQ counts the signals of all processes of this user.
    const script =
      'env -0 | sort -z; pwd; tr "\\0" " " </proc/$$/cmdline; ls /proc/self/fd; grep -E "^Sig[^Q]|^Cap" /proc/self/status; ulimit -n';
    const expected = await ended(spawn('sh', ['-c', script], options));
    const found = await ended(await one(sh(script, options)));
    expect(found).to.deep.equal(expected);
    expect(found.stdout).to.include('NODE_OPTIONS=--no-such-option').and.to.include('another-name');
  });

  it('keeps the settings of Node.js in the environment of this process from the process that enters', async () => {
    const { NODE_OPTIONS: before } = process.env;
    try {
      Object.assign(process.env, { NODE_OPTIONS: '--no-such-option', RXNETLINK_PROGRAM_LEAK: '1' });
      const { stdout } = await ended(await one(sh('env | grep -c -e ^LEAK= -e ^NODE_OPTIONS=', { env: { PATH: process.env['PATH'] } })));
      expect(stdout).to.equal('0\n');
      const inherited = await ended(await one(sh('echo $NODE_OPTIONS')));
      expect(inherited.stdout).to.equal('--no-such-option\n');
    } finally {
      delete process.env['RXNETLINK_PROGRAM_LEAK'];
      delete process.env['NODE_OPTIONS'];
      if (before !== undefined) process.env['NODE_OPTIONS'] = before;
    }
  });

  it('passes further streams and the channel of Node.js', async () => {
    const child = await one(sh('read line <&4; echo "got $line" >&3', { stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'] }));
    const [, , , third, fourth] = child.stdio;
    (fourth as unknown as NodeJS.WritableStream).end('it\n');
    expect(await text(third as unknown as NodeJS.ReadableStream)).to.equal('got it\n');
    expect(child.stdio).to.have.length(5);
    const code = 'process.on("message", (m) => { process.send([m, process.env.NODE_CHANNEL_FD]); process.disconnect(); })';
    const node = await one(
      namespaces.spawn(name, process.execPath, ['-e', code], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' }),
    );
    const answer = once(node, 'message');
    node.send(new Map([[1, 2]]));
    expect((await answer)[0]).to.deep.equal([new Map([[1, 2]]), undefined]);
    await once(node, 'exit');
  });

  it('runs a shell', async () => {
    const shell = await one(namespaces.spawn(name, 'echo $0', ['"$HOME"'], { shell: '/bin/bash', env: { HOME: '/x' } }));
    expect((await ended(shell)).stdout).to.equal('/bin/bash /x\n');
  });

  it('runs as another user, in a session of its own', async function () {
    needsOtherUsers(this);
    const options: SpawnOptions = { uid: 65534, gid: 65533, detached: true };
    const script = 'id -u; id -g; id -G; ps -o sid= -p $$ | tr -d " "; echo $$';
    const other = await one(sh(script, options));
    const { stdout } = await ended(other);
    const pid = String(other.pid);
    expect(stdout.trim().split('\n')).to.deep.equal(['65534', '65533', '65533', pid, pid]);
  });

  it('names what does not exist or is not permitted, and starts nothing', async () => {
    const nowhere = await failure(namespaces.spawn('rxnl-nowhere', 'true'), 'missing');
    expect(nowhere.message).to.match(/^cannot spawn true in \/run\/netns\/rxnl-nowhere: netns: /);
    const program = await failure(namespaces.spawn(name, 'rxnl-no-such-program'), 'missing');
    expect(program.message).to.equal(`cannot spawn rxnl-no-such-program in /run/netns/${name}: no such program (ENOENT)`);
    await failure(namespaces.spawn(name, 'true', [], { env: {}, shell: '/nowhere/sh' }), 'missing');
    await failure(namespaces.spawn(name, '/etc/passwd'), 'denied');
    await failure(namespaces.spawn(name, directory), 'denied');
    await failure(namespaces.spawn(name, 'true', [], { cwd: join(directory, 'none') }), 'missing');
    await failure(namespaces.spawn(name, 'true', [], { execPath: '/nowhere/node' }), 'missing');
    const other = await failure(namespaces.spawn('/proc/self/ns/mnt', 'true'), 'invalid');
    expect(other).to.include({ code: 'EINVAL', errno: -22 });
    const long = await failure(namespaces.spawn(name, 'true', ['x'.repeat(200_000)]), 'invalid');
    expect(long.message).to.match(/: the arguments and the environment are too long \(E2BIG\)$/);
    await failure(namespaces.spawn({ pid: 1, fd: 1 }, 'true'), 'invalid');
    const wrong = await failure(namespaces.spawn(name, 'true', [], { execPath: '/bin/false' }), 'unsupported');
    expect(wrong.message).to.match(/the process that enters the namespace ended with status 1$/);
    expect(() => namespaces.spawn(name, '')).to.throw(TypeError);
    expect(() => namespaces.spawn(name, 'true', 'args' as never)).to.throw(TypeError);
  });

  it('reports a file that cannot be executed as Node.js does', async () => {
    const script = join(directory, 'script');
    writeFileSync(script, '#!/nowhere/interpreter\n', { mode: 0o755 });
    const child = await one(namespaces.spawn(name, script, ['x'], { stdio: 'ignore' }));
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException];
    const details = { code: 'ENOENT', errno: -2, syscall: `spawn ${script}`, path: script, message: `spawn ${script} ENOENT` };
    expect(error).to.include(details);
  });

  it('starts nothing when it is unsubscribed before the value, and leaves the program alone afterwards', async () => {
    const file = join(directory, 'started');
    const before = readdirSync('/proc/self/fd').length;
    sh(`touch ${file}`).subscribe().unsubscribe();
    const unsubscribeLate = async (): Promise<ChildProcess | undefined> => {
      let started: ChildProcess | undefined;
      const late = sh(`touch ${file}`, { stdio: 'ignore' }).subscribe((value) => (started = value));
      await pause(5);
      late.unsubscribe();
      return started;
    };
    // On a busy machine the value may come first; then the program runs.
    for (let started = await unsubscribeLate(); started !== undefined; started = await unsubscribeLate()) {
      if (started.exitCode === null) await once(started, 'exit');
      rmSync(file);
    }
    await pause(150);
    expect(existsSync(file)).to.equal(false);
    await until('the descriptors are closed', () => readdirSync('/proc/self/fd').length <= before);
    const starting = sh(`sleep 0.1; touch ${file}`, { stdio: 'ignore' });
    let child: ChildProcess | undefined;
    const subscription = starting.subscribe((value) => {
      child = value;
      subscription.unsubscribe();
    });
    await until('the program has run', () => existsSync(file));
    expect(child).not.to.equal(undefined);
  });

  it('starts a program for each subscription', async () => {
    const starting = namespaces.spawn(name, 'true', [], { stdio: 'ignore' });
    const [first, second] = await Promise.all([lastValueFrom(starting), lastValueFrom(starting)]);
    expect(first.pid).not.to.equal(second.pid);
    await Promise.all([first, second].map(async (child) => child.exitCode ?? (await once(child, 'exit'))));
  });

  it('kills the program, or its start, with the signal of Node.js', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const child = await one(namespaces.spawn(name, 'sleep', ['60'], { signal }));
    const failed = once(child, 'error');
    controller.abort();
    expect(((await failed) as [Error])[0].name).to.equal('AbortError');
    expect((await ended(child)).status).to.equal('SIGTERM');
    const early = await one(namespaces.spawn(name, 'sleep', ['60'], { signal })).catch((error: unknown) => error);
    expect(early).to.have.property('name', 'AbortError');
  });
});
