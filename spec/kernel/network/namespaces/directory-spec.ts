import { resolve } from 'node:path';
import { expect } from 'chai';
import { namespaceError } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { run } from '../../../support/programs.js';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** Runs in a mount namespace of its own; prints the changes of each directory. */
const SCRIPT = `
  import { execFileSync, spawn } from 'node:child_process';
  import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { lastValueFrom, of } from 'rxjs';
  import { namespaces } from '${ROOT}/lib/network/index.ts';
  const parent = mkdtempSync(tmpdir() + '/rxnl-directory-');
  const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
  const seen = {};
  // Waits for a number of events; gives up when the library has lost one.
  const until = async (events, count) => {
    const end = Date.now() + ${10_000 * PATIENCE};
    while (events.length < count && Date.now() < end) await pause();
  };
  const follow = (directory, key, stream) =>
    stream.subscribe({
      next: (change) => seen[key].push(change.type === 'synced' ? ['synced', ...change.entries.map(({ name }) => name)].join(' ') : change.type + ' ' + change.value.name),
      error: (error) => seen[key].push('error ' + error.message),
      complete: () => seen[key].push('complete'),
    });
  const open = (key) => {
    const directory = parent + '/' + key;
    mkdirSync(directory);
    seen[key] = [];
    return [directory, follow(directory, key, namespaces.watch({ directory }))];
  };
  const create = (directory, name) => lastValueFrom(namespaces.create(name, { directory }));
  const remove = (directory, name) => lastValueFrom(namespaces.delete(name, { directory }));
  {
    const [directory, subscription] = open('loop');
    symlinkSync('itself', directory + '/itself');
    await until(seen.loop, 1);
    await create(directory, 'a');
    await until(seen.loop, 2);
    seen.list = (await lastValueFrom(namespaces.list({ directory }))).map(({ name }) => name);
    const all = [];
    const values = namespaces.all((net, { name }) => of(name), { directory }).subscribe({ next: ({ value }) => all.push(value), error: (error) => all.push('error ' + error.message) });
    await until(all, 1);
    await create(directory, 'b');
    await until(seen.loop, 3);
    await until(all, 2);
    seen.all = all;
    values.unsubscribe();
    subscription.unsubscribe();
    for (const name of ['a', 'b']) await remove(directory, name);
  }
  {
    const [directory, subscription] = open('again');
    rmdirSync(directory);
    mkdirSync(directory);
    await until(seen.again, 1);
    await create(directory, 'a');
    await until(seen.again, 2);
    await remove(directory, 'a');
    await until(seen.again, 3);
    // The pauses give the library time to notice that the directory is missing; nothing depends on it.
    rmdirSync(directory);
    await pause();
    mkdirSync(directory);
    await pause();
    await create(directory, 'b');
    await until(seen.again, 4);
    await remove(directory, 'b');
    await until(seen.again, 5);
    subscription.unsubscribe();
  }
  {
    const [directory, subscription] = open('replaced');
    await until(seen.replaced, 1);
    await create(directory, 'a');
    await until(seen.replaced, 2);
    const { ino } = statSync(directory + '/a');
    // In one program, so that no turn of the event loop is between them. The kernel frees the inode number a moment after the mount is gone.
    const path = directory + '/a';
    execFileSync('sh', ['-c', 'umount ' + path + ' && rm ' + path + ' && sleep 0.5 && touch ' + path + ' && unshare --net=' + path + ' true']);
    await until(seen.replaced, 4);
    seen.sameInode = statSync(path).ino === ino;
    subscription.unsubscribe();
    await remove(directory, 'a');
  }
  {
    const [directory, subscription] = open('late');
    await until(seen.late, 1);
    const path = directory + '/a';
    spawn('sh', ['-c', 'touch ' + path + ' && sleep 2.5 && unshare --net=' + path + ' true']);
    await until(seen.late, 2);
    subscription.unsubscribe();
    await remove(directory, 'a');
  }
  rmSync(parent, { recursive: true });
  console.log(JSON.stringify(seen));`;

describe('namespaces of a directory', function () {
  this.timeout(60_000 * PATIENCE);
  let seen: Readonly<Record<string, unknown>>;

  before(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', SCRIPT];
    seen = JSON.parse(run('unshare', ['--mount', ...node])) as typeof seen;
  });

  it('omit an entry that cannot be examined', () => {
    expect(seen['loop']).to.deep.equal(['synced', 'added a', 'added b']);
    expect(seen['list']).to.deep.equal(['a']);
    expect(seen['all']).to.deep.equal(['a', 'b']);
  });

  it('are watched after the directory was deleted and created again', () => {
    expect(seen['again']).to.deep.equal(['synced', 'added a', 'removed a', 'added b', 'removed b']);
  });

  it('are removed and added again when a name gets another namespace at once, which may have the inode number of the first', () => {
    expect(seen['replaced']).to.deep.equal(['synced', 'added a', 'removed a', 'added a']);
  });

  it('are added when the kernel makes the namespace seconds after its file', () => {
    expect(seen['late']).to.deep.equal(['synced', 'added a']);
  });
});
