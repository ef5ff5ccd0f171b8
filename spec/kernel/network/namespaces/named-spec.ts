import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { forkJoin, lastValueFrom, map, of, catchError, type Observable } from 'rxjs';
import { isNetworkError } from '../../../../lib/network/common/network-error.js';
import type { Namespace } from '../../../../lib/network/namespaces/namespace.js';
import { namespaces } from '../../../../lib/network/namespaces/namespaces.js';
import { network } from '../../../../lib/network/network.js';
import { PATIENCE } from '../../../support/patience.js';
import { run, spawn, spawnSync } from '../../../support/programs.js';
import { rounds } from '../../../support/rounds.js';
import { failure, one } from '../support.js';
import { useNames } from './names.js';

/** The names that `ip netns list` shows. */
const listed = () =>
  run('ip', ['netns', 'list'])
    .split('\n')
    .map((line) => line.split(' ')[0]!);

/** The network namespace that a command of `ip netns exec` has. */
const insideOf = (name: string) => run('ip', ['netns', 'exec', name, 'readlink', '/proc/self/ns/net']).trim();

/** The number of mounts of a path. */
const mountsOf = (path: string) =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.split(' ')[4] === path).length;

/** Ends with `true` if a verb succeeded, with `false` if it failed with a reason. */
const outcome = (verb: Observable<unknown>, reason: string): Observable<boolean> =>
  verb.pipe(
    map(() => true),
    catchError((error: unknown) => {
      if (isNetworkError(error) && error.reason === reason) return of(false);
      throw error;
    }),
  );

describe('namespaces: create and delete', () => {
  const names = useNames();
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'rxnl-names-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  it('creates a namespace that ip lists, enters and deletes', async () => {
    const name = names.next();
    const created = await one(namespaces.create(name));
    expect(created).to.deep.equal({ name, path: `/run/netns/${name}`, inode: statSync(`/run/netns/${name}`).ino });
    expect(listed()).to.include(name);
    expect(insideOf(name)).to.equal(`net:[${created.inode}]`);
    const lo = await one(network({ netns: name }).links.get('lo'));
    expect(lo).to.include({ index: 1, up: false });
    run('ip', ['netns', 'delete', name]);
    expect(await one(namespaces.ensureAbsent(name))).to.equal(false);
  });

  it('deletes a namespace that ip created, and emits it', async () => {
    const name = names.add();
    const { ino: inode } = statSync(`/run/netns/${name}`);
    expect(await one(namespaces.delete(name))).to.deep.equal({ name, path: `/run/netns/${name}`, inode });
    expect(listed()).not.to.include(name);
    expect(existsSync(`/run/netns/${name}`)).to.equal(false);
    expect(await failure(namespaces.delete(name), 'missing')).to.include({
      message: `cannot delete namespace ${name}: the name does not exist (ENOENT)`,
      code: 'ENOENT',
      errno: -2,
    });
  });

  it('rejects a name that exists, and leaves its namespace alone', async () => {
    const name = names.add();
    const { ino } = statSync(`/run/netns/${name}`);
    const error = await failure(namespaces.create(name), 'exists');
    expect(error).to.include({ code: 'EEXIST', subject: `namespace ${name}` });
    expect(error.message).to.equal(`cannot create namespace ${name}: the name exists; ensure() accepts a name that exists (EEXIST)`);
    expect(statSync(`/run/netns/${name}`).ino).to.equal(ino);
    expect(mountsOf(`/run/netns/${name}`)).to.equal(1);
  });

  it('rejects what is not a file name, as an error signal', async () => {
    const wrong: readonly unknown[] = ['', '.', '..', 'a/b', '../a', 'x'.repeat(256), 'é'.repeat(128), 'a\0b', 7, undefined, null, {}];
    for (const name of wrong) {
      for (const verb of ['create', 'delete', 'ensure', 'ensureAbsent'] as const) {
        const error = await failure(namespaces[verb](name as string, { directory }), 'invalid');
        expect(error.path, String(name)).to.equal('name');
      }
    }
    expect(readdirSync(directory)).to.deep.equal([]);
    expect(() => namespaces.create('a', { directroy: 'x' } as never)).to.throw(TypeError, "unknown option 'directroy'");
    // The longest name that the kernel accepts.
    const longest = 'é'.repeat(127);
    expect(await one(namespaces.create(longest, { directory }))).to.include({ name: longest });
    await one(namespaces.delete(longest, { directory }));
  });

  it('does nothing before it is subscribed to, and creates again at each subscription', async () => {
    const name = names.next();
    const create = namespaces.create(name);
    expect(listed()).not.to.include(name);
    await one(create);
    await failure(create, 'exists');
    await one(namespaces.delete(name));
    await one(create);
    await one(namespaces.delete(name));
  });

  it('ensures a name once, and its absence once', async () => {
    const name = names.next();
    const first = await one(namespaces.ensure(name));
    expect(first.changed).to.deep.equal([{ table: 'namespaces', action: 'add', name, text: `+ namespace ${name}` }]);
    const second = await one(namespaces.ensure(name));
    expect(second).to.deep.equal({ object: first.object, changed: [] });
    expect(insideOf(name)).to.equal(`net:[${first.object.inode}]`);
    expect(await one(namespaces.ensureAbsent(name))).to.equal(true);
    expect(await one(namespaces.ensureAbsent(name))).to.equal(false);
  });

  it('waits in ensure for another process that is creating the name, and reports a file that stays one', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const waiting = one(namespaces.ensure('file', { directory }));
    setTimeout(() => run('mount', ['--bind', '/proc/self/ns/net', file]), 20);
    expect(await waiting).to.deep.equal({
      object: { name: 'file', path: file, inode: statSync('/proc/self/ns/net').ino },
      changed: [],
    });
    run('umount', [file]);
    const error = await failure(namespaces.ensure('file', { directory }), 'conflict');
    expect(error.message).to.equal(`cannot ensure namespace file: ${file} is a file without a namespace; delete it`);
    const { message } = await failure(namespaces.create('file', { directory }), 'exists');
    expect(message).to.equal(`cannot create namespace file: ${file} is a file without a namespace; delete it (EEXIST)`);
    // A process that ended while it created the name left an empty file.
    expect(await one(namespaces.delete('file', { directory }))).to.include({ name: 'file' });
    expect(existsSync(file)).to.equal(false);
  });

  it('never deletes a file with contents, or a directory', async () => {
    const file = join(directory, 'text');
    writeFileSync(file, 'text');
    await failure(namespaces.delete('text', { directory }), 'invalid');
    const error = await failure(namespaces.ensureAbsent('text', { directory }), 'invalid');
    expect(error.message).to.equal(`cannot ensureAbsent namespace text: ${file} is not a network namespace`);
    expect(readFileSync(file, 'utf8')).to.equal('text');
    rmSync(file);
  });

  it('reads a link to the namespace of a process, and deletes only the link', async () => {
    const target = names.add();
    symlinkSync(`/run/netns/${target}`, join(directory, 'link'));
    symlinkSync('/proc/4194305/ns/net', join(directory, 'dangling'));
    expect(await one(namespaces.list({ directory }))).to.deep.equal([
      { name: 'link', path: join(directory, 'link'), inode: statSync(`/run/netns/${target}`).ino },
    ]);
    await failure(namespaces.create('dangling', { directory }), 'exists');
    for (const name of ['link', 'dangling']) await one(namespaces.delete(name, { directory }));
    expect(readdirSync(directory)).to.deep.equal([]);
    expect(insideOf(target)).to.equal(`net:[${statSync(`/run/netns/${target}`).ino}]`);
  });

  it('uses another directory, creates it if its parent exists, and removes it again after a failure', async () => {
    const own = join(directory, 'own');
    const { path } = await one(namespaces.create('blue', { directory: own }));
    expect(path).to.equal(join(own, 'blue'));
    expect((await one(namespaces.list({ directory: own }))).map(({ name }) => name)).to.deep.equal(['blue']);
    expect(listed()).not.to.include('blue');
    expect(mountsOf(own)).to.equal(0);
    await one(namespaces.delete('blue', { directory: own }));
    rmSync(own, { recursive: true });
    await failure(namespaces.create('x/y', { directory: own }), 'invalid');
    expect(existsSync(own)).to.equal(false);
    const nested = join(directory, 'none/own');
    const missing = await failure(namespaces.create('blue', { directory: nested }), 'missing');
    expect(missing.message).to.equal('cannot create namespace blue: the parent of the directory does not exist (ENOENT)');
  });

  it('deletes the name of a namespace that a process holds; the namespace ends with the process', async () => {
    const name = names.add();
    const holder = spawn('ip', ['netns', 'exec', name, 'sleep', '60'], { stdio: 'ignore' });
    const { inode } = (await one(namespaces.list())).find((each) => each.name === name)!;
    const entered = () => statSync(`/proc/${holder.pid ?? 0}/ns/net`).ino === inode;
    while (!entered()) await new Promise((resolve) => setTimeout(resolve, 5));
    await one(namespaces.delete(name));
    expect((await one(network({ netns: { pid: holder.pid ?? 0 } }).links.get('lo'))).index).to.equal(1);
    holder.kill('SIGKILL');
  });

  it('creates and deletes many at once, while ip does the same', async () => {
    const shared = Array.from({ length: rounds(6, 60) }, () => names.next());
    const own = Array.from({ length: rounds(20, 200) }, () => names.next());
    const ip = (verb: string, all: readonly string[]) =>
      Promise.all(
        all.map((name) => new Promise((resolve) => spawn('ip', ['netns', verb, name], { stdio: 'ignore' }).once('exit', resolve))),
      );
    const other = ip('add', shared);
    const [raced, created] = await Promise.all([
      lastValueFrom(forkJoin(shared.map((name) => outcome(namespaces.create(name), 'exists')))),
      lastValueFrom(forkJoin(own.map((name) => namespaces.create(name)))),
    ]);
    const theirs = (await other).map((status) => status === 0);
    // Of two that create one name, exactly one succeeds.
    expect(raced.map((ours, index) => ours !== theirs[index])).to.deep.equal(shared.map(() => true));
    const inodes = new Set([...created.map(({ inode }) => inode), ...shared.map((name) => statSync(`/run/netns/${name}`).ino)]);
    expect(inodes.size).to.equal(own.length + shared.length);
    for (const name of [...own, ...shared]) expect(mountsOf(`/run/netns/${name}`), name).to.equal(1);
    const deleted = await lastValueFrom(forkJoin([...own, ...shared].map((name) => namespaces.ensureAbsent(name))));
    expect(new Set(deleted)).to.deep.equal(new Set([true]));
    expect(listed().filter((name) => [...own, ...shared].includes(name))).to.deep.equal([]);
  }).timeout(30_000 * PATIENCE);

  it('creates a name once for several subscribers at once', async () => {
    const name = names.next();
    const create = outcome(namespaces.create(name), 'exists');
    expect((await lastValueFrom(forkJoin([create, create, create]))).filter(Boolean)).to.have.length(1);
    const ensured = await lastValueFrom(forkJoin([namespaces.ensure(name), namespaces.ensure(name)]));
    expect(ensured.map(({ changed }) => changed.length)).to.deep.equal([0, 0]);
    const absent = await lastValueFrom(forkJoin([namespaces.ensureAbsent(name), namespaces.ensureAbsent(name)]));
    expect(absent.filter(Boolean).length).to.be.at.least(1);
  });

  it('ends with the reason of the signal; what was started happens', async () => {
    const name = names.next();
    const controller = new AbortController();
    const creating = one(namespaces.create(name, { signal: controller.signal })).catch((error: unknown) => error);
    controller.abort(new Error('on purpose'));
    expect(await creating).to.have.property('message', 'on purpose');
    const seen = (): Promise<Namespace> => one(namespaces.list()).then((all) => all.find((each) => each.name === name) ?? again());
    const again = (): Promise<Namespace> => new Promise<void>((resolve) => setTimeout(resolve, 5)).then(seen);
    expect((await seen()).name).to.equal(name);
    expect(spawnSync('ip', ['netns', 'delete', name]).status).to.equal(0);
  });
});
