import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { concat, finalize, ignoreElements, map, NEVER, type Observable, of, type Subscription, throwError, timer } from 'rxjs';
import type { NamespaceValue } from '../../../../lib/network/namespaces/all-namespaces.js';
import { namespaces } from '../../../../lib/network/namespaces/namespaces.js';
import type { Network } from '../../../../lib/network/network.js';
import { run, spawnSync } from '../../../support/programs.js';
import { pause, until } from '../../../support/sockets.js';
import { one } from '../support.js';
import { useNames } from './names.js';

describe('namespaces: all', () => {
  useNames();
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rxnl-all-'));
  });
  const subscriptions: Subscription[] = [];
  afterEach(async () => {
    // A watch of a directory keeps the process alive.
    for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
    spawnSync('umount', [join(directory, 'uts')]);
    for (const { name } of await one(namespaces.list({ directory }))) await one(namespaces.delete(name, { directory }));
    rmSync(directory, { recursive: true });
  });

  const create = (...names: readonly string[]) => Promise.all(names.map((name) => one(namespaces.create(name, { directory }))));

  /** Collects what all namespaces of the directory emit, as lines. */
  function lines<T>(stream: Observable<NamespaceValue<T>>) {
    const seen: string[] = [];
    const ends: unknown[] = [];
    const subscription = stream.subscribe({
      next: ({ namespace, value, error }) => seen.push(`${namespace.name} ${error === undefined ? String(value) : `! ${error.message}`}`),
      error: (error: unknown) => ends.push(error),
      complete: () => ends.push('complete'),
    });
    subscriptions.push(subscription);
    return { seen, ends, subscription };
  }

  it('emits the error of one namespace, and goes on with the others', async () => {
    await create('a', 'b');
    // A namespace of another kind: the kernel does not let a socket into it.
    writeFileSync(join(directory, 'uts'), '');
    run('mount', ['--bind', '/proc/self/ns/uts', join(directory, 'uts')]);
    const { seen, ends } = lines(namespaces.all((net) => net.links.watch().pipe(map(({ type }) => type)), { directory }));
    await until('each namespace has a line', () => seen.length === 3);
    run('nsenter', [`--net=${join(directory, 'b')}`, '--', 'ip', 'link', 'add', 'v0', 'type', 'ifb']);
    await until('the link is reported', () => seen.includes('b added'));
    expect(seen.slice(0, 3).sort()).to.deep.equal(['a synced', 'b synced', seen.find((line) => line.startsWith('uts'))]);
    expect(seen.find((line) => line.startsWith('uts'))).to.match(/^uts ! cannot watch links: .* is not a network namespace/);
    await create('late');
    await until('the new namespace has a line', () => seen.includes('late synced'));
    expect(ends).to.deep.equal([]);
  });

  it('emits what a project throws, and closes the network of each stream that ends', async () => {
    await create('fails', 'lists', 'throws');
    const opened = new Map<string, Network>();
    const descriptors = readdirSync('/proc/self/fd').length;
    const { seen, ends, subscription } = lines(
      namespaces.all(
        (net, { name }): Observable<unknown> => {
          opened.set(name, net);
          if (name === 'throws') throw new Error('on purpose');
          const links = net.links.list().pipe(map((all) => all.length));
          return name === 'fails'
            ? concat(
                links,
                throwError(() => new Error('after a value')),
              )
            : links;
        },
        { directory },
      ),
    );
    await until('each stream has ended', () => seen.length === 4);
    expect(seen.sort()).to.deep.equal(['fails ! after a value', 'fails 1', 'lists 1', 'throws ! on purpose']);
    for (const net of opened.values()) {
      const error = await one(net.links.list()).catch((closed: unknown) => closed);
      expect(error).to.have.property('name', 'SocketClosedError');
    }
    await until('no socket is open', () => readdirSync('/proc/self/fd').length <= descriptors + 2);
    expect(ends).to.deep.equal([]);
    subscription.unsubscribe();
  });

  it('emits an error for what is not an error', async () => {
    await create('a');
    const { seen, subscription } = lines(namespaces.all(() => throwError(() => undefined), { directory }));
    await until('the stream has failed', () => seen.length === 1);
    expect(seen).to.deep.equal(['a ! the stream failed: undefined']);
    subscription.unsubscribe();
  });

  it('starts a failed stream again when the name is created again', async () => {
    await create('a');
    let count = 0;
    const { seen, subscription } = lines(
      namespaces.all(() => (++count === 1 ? throwError(() => new Error('once')) : concat(of(count), NEVER)), { directory }),
    );
    await until('the stream has failed', () => seen.length === 1);
    await one(namespaces.delete('a', { directory }));
    await pause(20);
    await create('a');
    await until('the stream has started again', () => seen.length === 2);
    expect(seen).to.deep.equal(['a ! once', 'a 2']);
    subscription.unsubscribe();
  });

  it('emits no error of a namespace that disappears', async () => {
    await create('a', 'b', 'c');
    const { seen, ends, subscription } = lines(
      namespaces.all((net) => concat(timer(30).pipe(ignoreElements()), net.links.watch()).pipe(map(({ type }) => type)), { directory }),
    );
    await pause(10);
    await one(namespaces.delete('b', { directory }));
    await until('the others are read', () => seen.length === 2);
    await one(namespaces.delete('c', { directory }));
    await pause(50);
    expect(seen.sort()).to.deep.equal(['a synced', 'c synced']);
    expect(ends).to.deep.equal([]);
    subscription.unsubscribe();
  });

  it('ends the stream of a namespace that disappears', async () => {
    await create('a', 'b');
    const ended: string[] = [];
    const { subscription } = lines(
      namespaces.all((_, { name }) => concat(of(1), NEVER).pipe(finalize(() => ended.push(name))), { directory }),
    );
    await pause(10);
    await one(namespaces.delete('b', { directory }));
    await until('one stream has ended', () => ended.length > 0);
    expect(ended).to.deep.equal(['b']);
    subscription.unsubscribe();
    expect(ended).to.deep.equal(['b', 'a']);
  });

  it('begins anew for each subscriber of one Observable', async () => {
    await create('a');
    const all = namespaces.all((net) => concat(net.links.list().pipe(map((links) => links.length)), NEVER), { directory });
    const first = lines(all);
    await until('the first has a line', () => first.seen.length === 1);
    const second = lines(all);
    await until('the second has a line', () => second.seen.length === 1);
    for (const { subscription } of [first, second]) subscription.unsubscribe();
  });

  it('signals an error if the directory cannot be read', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const { ends } = lines(namespaces.all(() => NEVER, { directory: file }));
    await until('the stream has ended', () => ends.length === 1);
    expect(ends[0]).to.have.property('code', 'ENOTDIR');
    rmSync(file);
  });
});
