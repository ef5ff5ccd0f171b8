import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAddon, type SystemFailure } from '../../../lib/socket/native/load-addon.js';
import { runBare } from './bare-node.js';
import { namespaceError } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { run } from '../../support/programs.js';
import { rounds } from '../../support/rounds.js';

const [EPERM, ENOENT, EEXIST, ENOSPC, ENAMETOOLONG] = [-1, -2, -17, -28, -36];

/** Runs `create` of the addon without an event loop of its own and prints the outcome. */
const CREATE = (path: string, shared = '') =>
  `addon.createNamespace(${JSON.stringify(shared)}, ${JSON.stringify(path)}, (failure) => print(failure ?? null));`;

/** The mounts of a path. */
const mountsOf = (path: string) =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.split(' ')[4] === path);

describe('native named namespaces', () => {
  const addon = loadAddon();
  let directory: string;
  before(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
    directory = mkdtempSync(join(tmpdir(), 'rxnl-named-'));
  });
  after(() => {
    for (const name of readdirSync(directory)) {
      while (mountsOf(join(directory, name)).length > 0) run('umount', [join(directory, name)]);
    }
    rmSync(directory, { recursive: true });
  });

  const create = (path: string, shared = '') =>
    new Promise<SystemFailure | undefined>((resolve) => {
      const result = addon.createNamespace(shared, path, resolve);
      if (result !== 0) resolve({ step: 'start', errno: result });
    });
  const remove = (path: string) =>
    new Promise<SystemFailure | undefined>((resolve) => {
      const result = addon.deleteNamespace(path, resolve);
      if (result !== 0) resolve({ step: 'start', errno: result });
    });

  it('mounts a new namespace on a new file, and removes both', async () => {
    const path = join(directory, 'one');
    expect(await create(path)).to.equal(undefined);
    const inside = run('nsenter', [`--net=${path}`, '--', 'readlink', '/proc/self/ns/net']).trim();
    expect(inside).to.equal(`net:[${statSync(path).ino}]`);
    expect(inside).not.to.equal(readlinkSync('/proc/self/ns/net'));
    expect(await remove(path)).to.equal(undefined);
    expect(existsSync(path)).to.equal(false);
    expect(mountsOf(path)).to.deep.equal([]);
  });

  it('names the step that failed, and leaves a file that existed', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'text');
    expect(await create(path)).to.deep.equal({ step: 'name', errno: EEXIST });
    expect(readFileSync(path, 'utf8')).to.equal('text');
    rmSync(path);
    expect(await create(join(directory, 'none/one'))).to.deep.equal({ step: 'name', errno: ENOENT });
    expect(await create(join(directory, 'one'), join(directory, 'none'))).to.deep.equal({ step: 'share', errno: ENOENT });
    expect(await remove(path)).to.deep.equal({ step: 'unmount', errno: ENOENT });
    expect(await create(`/${'x'.repeat(5000)}`)).to.deep.equal({ step: 'start', errno: ENAMETOOLONG });
    expect(await create(join(directory, 'x'.repeat(256)))).to.deep.equal({ step: 'name', errno: ENAMETOOLONG });
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('removes the file when the namespace cannot be created or mounted', () => {
    const path = join(directory, 'half');
    const without = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'];
    expect(runBare(CREATE(path), without)).to.deep.equal({ step: 'unshare', errno: EPERM });
    expect(runBare(CREATE(path, directory), without)).to.deep.equal({ step: 'share', errno: EPERM });
    // The process is root of its user namespace, but not of the one that owns its mounts.
    expect(runBare(CREATE(path), ['unshare', '--user', '--map-root-user'])).to.deep.equal({ step: 'mount', errno: EPERM });
    const limited = [
      'unshare',
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"',
      '-',
    ];
    expect(runBare(CREATE(path), limited)).to.deep.equal({ step: 'unshare', errno: ENOSPC });
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('shares the directory as ip does, and mounts it once', () => {
    const fresh = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c'];
    const command = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && exec "$@"';
    // Creates names with ip and with the addon at once, and prints the exit codes, the failures and the new mounts.
    const script = (count: number) => `
      const { spawn } = require('node:child_process');
      const { readFileSync } = require('node:fs');
      const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8').split('\\n').map((line) => line.split(' '));
      // The mounts of the hidden /run are still listed. One goes when another process deletes its file, and a new mount takes its number.
      const known = (mount) => mount[0] + ' ' + mount[4];
      const before = new Set(mounts().map(known));
      const ended = (child) => new Promise((resolve) => child.once('exit', resolve));
      const numbers = Array.from({ length: ${count} }, (_, number) => number);
      const ip = numbers.map((number) => ended(spawn('ip', ['netns', 'add', 'ip' + number])));
      const own = [0, ...numbers].map((number, index) =>
        new Promise((resolve) => addon.createNamespace('/run/netns', '/run/netns/own' + (index + 1), resolve)));
      Promise.all([...ip, ...own]).then((results) => {
        const added = mounts().filter((mount) => !before.has(known(mount)));
        const directory = added.filter((mount) => mount[4] === '/run/netns');
        const names = new Set(added.map((mount) => mount[4]).filter((path) => path !== undefined && path !== '/run/netns'));
        print({ failed: results.filter(Boolean), directory: directory.map((mount) => /shared:/.test(mount)), names: names.size });
      });`;
    const create = (count: number) => runBare(script(count), [...fresh, command, '-']);
    expect(create(0)).to.deep.equal({ failed: [], directory: [true], names: 1 });
    expect(create(6)).to.deep.equal({ failed: [], directory: [true], names: 13 });
  });

  it('takes the lock of ip while it shares the directory', () => {
    const fresh = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c'];
    const command = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && exec "$@"';
    const script = `
      const holder = require('node:child_process').spawn('flock', ['/run/netns', '--command', 'echo locked; sleep 0.1; echo released']);
      const order = [];
      holder.stdout.setEncoding('utf8').on('data', (text) => {
        order.push(...text.trim().split('\\n'));
        if (order.length === 1) addon.createNamespace('/run/netns', '/run/netns/own', () => print([...order, 'created']));
      });`;
    expect(runBare(script, [...fresh, command, '-'])).to.deep.equal(['locked', 'released', 'created']);
    // A directory that is shared needs no lock, so that a process that keeps it blocks nothing.
    const shared = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && mount --bind /run/netns /run/netns && exec "$@"';
    const held = script.replace('sleep 0.1', 'sleep 0.3');
    expect(runBare(held, [...fresh, shared, '-'])).to.deep.equal(['locked', 'created']);
  });

  it('removes several mounts on one name', async () => {
    const path = join(directory, 'stacked');
    expect(await create(path)).to.equal(undefined);
    run('mount', ['--bind', '/proc/self/ns/net', path]);
    expect(mountsOf(path)).to.have.length(2);
    expect(await remove(path)).to.equal(undefined);
    expect(existsSync(path)).to.equal(false);
  });

  it('creates and deletes many at once, and leaves no thread, no descriptor and no namespace of a thread behind', async () => {
    const paths = Array.from({ length: rounds(40, 400) }, (_, count) => join(directory, `many${count}`));
    // The threads of the pool exist from the first work on.
    await create(join(directory, 'none/one'));
    const descriptors = readdirSync('/proc/self/fd').length;
    const failures = await Promise.all(paths.map((path) => create(path)));
    expect(failures.filter((failure) => failure !== undefined)).to.deep.equal([]);
    expect(new Set(paths.map((path) => statSync(path).ino)).size).to.equal(paths.length);
    const own = readdirSync('/proc/self/task').map((thread) => readlinkSync(`/proc/self/task/${thread}/ns/net`));
    expect(new Set(own)).to.deep.equal(new Set([readlinkSync('/proc/self/ns/net')]));
    const left = await Promise.all(paths.map((path) => remove(path)));
    expect(left.filter((failure) => failure !== undefined)).to.deep.equal([]);
    expect(readdirSync(directory)).to.deep.equal([]);
    expect(readdirSync('/proc/self/fd').length).to.be.at.most(descriptors);
  }).timeout(30_000 * PATIENCE);

  it('reports an exception of the callback to the process', () => {
    const printed = runBare(`
      process.on('uncaughtException', (error, origin) => print([error.message, origin]));
      addon.deleteNamespace('/nowhere/at/all', () => { throw new Error('on purpose'); });
    `);
    expect(printed).to.deep.equal(['on purpose', 'uncaughtException']);
  });

  it('survives workers that are terminated while they create namespaces', () => {
    const worker = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { createNamespace } = require(workerData.addon);
      for (let count = 0; count < 8; count++) createNamespace('', workerData.path + count, () => {});
      // Keeps the worker alive: one that has created everything would end by itself, with another code.
      parentPort.on('message', () => {});
      parentPort.postMessage('ready');`;
    const script = `
      const { Worker } = require('node:worker_threads');
      const ended = (worker) => new Promise((resolve) => worker.once('exit', resolve));
      const workers = [0, 1, 2, 3].map((count) => {
        const workerData = { addon: require.cache[Object.keys(require.cache).at(-1)].filename, path: ${JSON.stringify(join(directory, 'worker'))} + count };
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true, workerData });
        return new Promise((resolve) => worker.once('message', resolve)).then(() => Promise.all([worker.terminate(), ended(worker)]));
      });
      Promise.all(workers).then((codes) => print(codes.map(([code]) => code)));`;
    expect(runBare(script)).to.deep.equal([1, 1, 1, 1]);
    // What the pool had not begun was created nevertheless, or cancelled; a name without a namespace is not left.
    for (const name of readdirSync(directory)) expect(mountsOf(join(directory, name)), name).to.have.length(1);
  });
});
