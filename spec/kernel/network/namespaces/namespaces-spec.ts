import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { EMPTY, filter, firstValueFrom, lastValueFrom, ReplaySubject, timeout, toArray, type Observable } from 'rxjs';
import { namespaces } from '../../../../lib/network/namespaces/namespaces.js';
import type { LiveChange } from '../../../../lib/index.js';
import type { Namespace } from '../../../../lib/network/namespaces/namespace.js';
import { run } from '../../../support/programs.js';
import { one } from '../support.js';
import { useNames } from './names.js';

describe('namespaces', () => {
  const names = useNames();

  const isOwn = (name: string): boolean => name.startsWith(`rxnl-n${process.pid}-`);

  it('lists the names that ip lists, with the inode of each', async () => {
    const name = names.add();
    const found = await one(namespaces.list());
    const listed = run('ip', ['netns', 'list'])
      .split('\n')
      .map((line) => line.split(' ')[0]!)
      .filter((line) => isOwn(line));
    expect(found.map((each) => each.name).filter((each) => isOwn(each))).to.have.members(listed);
    const path = `/run/netns/${name}`;
    expect(found.find((each) => each.name === name)).to.deep.equal({ name, path, inode: statSync(path).ino });
  });

  it('omits a file that is not a namespace, and rejects a directory that does not exist', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rxnl-'));
    writeFileSync(join(directory, 'file'), '');
    expect(await one(namespaces.list({ directory }))).to.deep.equal([]);
    rmSync(directory, { recursive: true });
    const readers: readonly (readonly [string, Observable<unknown>])[] = [
      ['list', namespaces.list({ directory })],
      ['watch', namespaces.watch({ directory })],
      ['all', namespaces.all(() => EMPTY, { directory })],
    ];
    for (const [verb, source] of readers) {
      const error = await firstValueFrom(source.pipe(timeout(1000))).catch((reason: unknown) => reason);
      expect(String(error)).to.include(`cannot ${verb} the namespaces of ${directory}: the directory does not exist; expected`);
      expect(error).to.include({ reason: 'missing', code: 'ENOENT', path: 'directory' });
    }
    expect(() => namespaces.list({ directroy: 'x' } as never)).to.throw(TypeError, "unknown option 'directroy'");
    expect(() => namespaces.list({ directory: 5 } as never)).to.throw(TypeError, 'namespaces.list: option directory must be a path');
    expect(() => namespaces.all(undefined as never)).to.throw(TypeError, 'namespaces.all: project must be a function, not undefined');
  });

  it('emits each namespace once that ip adds, and once that it deletes', async () => {
    const changes = new ReplaySubject<LiveChange<Namespace>>(1000);
    const subscription = namespaces.watch().subscribe(changes);
    const seen = (type: 'added' | 'removed', name: string) =>
      firstValueFrom(changes.pipe(filter((change) => change.type === type && change.value.name === name)));
    const added: string[] = [];
    for (let round = 0; round < 20; round++) {
      const name = names.add();
      added.push(name);
      const { value } = (await seen('added', name)) as { readonly value: Namespace };
      // The name exists before its namespace is mounted: the inode must be that of the namespace.
      expect(value.inode).to.equal(statSync(value.path).ino);
      run('ip', ['netns', 'delete', name]);
      await seen('removed', name);
    }
    // Without a turn of the loop between them, a namespace may appear and disappear unseen, but never half.
    const hasty = names.add();
    run('ip', ['netns', 'delete', hasty]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    subscription.unsubscribe();
    changes.complete();
    const all = await lastValueFrom(changes.pipe(toArray()));
    const types = (name: string) =>
      all.flatMap((change) => ((change.type === 'added' || change.type === 'removed') && change.value.name === name ? [change.type] : []));
    for (const name of added) expect(types(name), name).to.deep.equal(['added', 'removed']);
    expect(types(hasty).length % 2).to.equal(0);
  });

  it('runs a stream in each namespace until the namespace disappears', async () => {
    const name = names.add();
    const values = namespaces
      .all((net, { name: own }) => net.clients.link.watch('getlink').pipe(filter(() => isOwn(own))))
      .pipe(filter(({ namespace }) => namespace.name === name));
    const seen: string[] = [];
    let open = true;
    const subscription = values.subscribe({ next: ({ value }) => seen.push(value?.type ?? 'error'), complete: () => (open = false) });
    await firstValueFrom(values);
    run('ip', ['-n', name, 'link', 'add', 'v0', 'type', 'ifb']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    run('ip', ['netns', 'delete', name]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.slice(0, 2)).to.deep.equal(['synced', 'added']);
    expect(open).to.equal(true);
    const again = names.add();
    const addresses = namespaces.all((net) => net.addresses.list({ link: 'lo' })).pipe(filter(({ namespace }) => namespace.name === again));
    const { value } = await firstValueFrom(addresses);
    expect(value).to.deep.equal([]);
    subscription.unsubscribe();
  });
});
