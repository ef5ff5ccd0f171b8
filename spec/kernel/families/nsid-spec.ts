import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { rtNsid, type RtNsidFamily } from '../../../lib/families/rt-nsid.js';
import type { KernelError } from '../../../lib/index.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { nsidFields } from '../../families/compare/rt-nsid.js';
import type { Shown } from '../../families/compare/fields.js';
import { createNamespace, skipBecause, useNamespace, type Namespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { useWatchers } from '../live/watcher.js';
import { json } from './names.js';

/** NETNSA_NSID_NOT_ASSIGNED of uapi/linux/net_namespace.h */
const NOT_ASSIGNED = -1;

describe('rtNsid', () => {
  const namespace = useNamespace();
  const watch = useWatchers();
  const tally = useTally('ip -j netns list-id');
  let others: Namespace[] = [];
  let client: WatchableClient<RtNsidFamily, 'getnsid'>;

  /** Returns the rows that ip lists in a namespace. */
  const listed = (words = '', where: Namespace = namespace()): Shown[] =>
    json<Shown>(where, `ip -j netns list-id${words}`).map(({ name: _name, ...row }) => row);
  const sorted = <Row extends { readonly nsid?: unknown }>(rows: readonly Row[]): Row[] =>
    [...rows].sort((a, b) => Number(a.nsid) - Number(b.nsid));
  const compare = (shown: readonly Shown[], rows: readonly RtNsidFamily['dump']['getnsid']['reply'][]): void => {
    expect(rows.length).to.equal(shown.length);
    const expected = sorted(shown);
    sorted(rows).forEach((row, index) => {
      tally.compare(`row ${String(index)}`, expected[index]!, row, nsidFields);
    });
  };
  const openNamespace = <T>(other: Namespace, use: (fd: number) => Promise<T>): Promise<T> => {
    const fd = openSync(other.path, 'r');
    return use(fd).finally(() => {
      closeSync(fd);
    });
  };
  const failure = (promise: Promise<unknown>): Promise<KernelError> =>
    promise.then(
      () => expect.fail('it succeeded'),
      (error: unknown) => error as KernelError,
    );

  before(function () {
    others = [createNamespace(), createNamespace(), createNamespace()];
    if (others.some(({ name }) => name === undefined))
      skipBecause(this, 'ip numbers only namespaces with a name, and /run/netns cannot be written');
    namespace().ip(`netns set ${others[0]!.name!} 7`);
    namespace().ip(`netns set ${others[1]!.name!} auto`);
    others[0]!.ip(`netns set ${others[1]!.name!} 12`);
    client = rtNsid({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
    for (const other of others) other.delete();
  });

  it('reads the numbers that ip lists', async () => {
    const shown = listed();
    expect(shown.length).to.equal(2);
    compare(shown, await lastValueFrom(client.list('getnsid')));
  });

  it('reads the numbers in another namespace, with those in its own', async () => {
    const shown = listed(' target-nsid 7');
    expect(shown).to.deep.equal([{ nsid: 12, 'current-nsid': 0 }]);
    compare(shown, await lastValueFrom(client.list('getnsid', { targetNsid: 7 })));
    const reply = await lastValueFrom(client.do('getnsid', { nsid: 0, targetNsid: 7 }));
    tally.compare('one', listed(' target-nsid 7 nsid 0')[0]!, reply, nsidFields);
  });

  it('reads one number by number, file descriptor and process', async () => {
    expect(await lastValueFrom(client.do('getnsid', { nsid: 7 }))).to.include({ nsid: 7 });
    const read = async (other: Namespace): Promise<number | undefined> =>
      openNamespace(other, async (fd) => (await lastValueFrom(client.do('getnsid', { fd }))).nsid);
    expect(await Promise.all(others.map(read))).to.deep.equal([7, 0, NOT_ASSIGNED]);
    const sleeper = others[0]!.start('sleep', '60');
    try {
      // nsenter enters the namespace before it becomes sleep.
      const numbers: unknown[] = [];
      for (let tries = 0; tries < 200 && !numbers.includes(7); tries++) {
        numbers.push((await lastValueFrom(client.do('getnsid', { pid: sleeper.pid! }))).nsid);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(numbers).to.include(7);
    } finally {
      sleeper.kill('SIGKILL');
    }
  });

  it('names the namespace in errors', async () => {
    expect((await failure(lastValueFrom(client.do('getnsid', { nsid: 99 })))).message).to.match(
      /^ENOENT getnsid: network namespace with NSID 99: \.nsid Peer netns reference is invalid/,
    );
    const error = await failure(openNamespace(others[0]!, (fd) => lastValueFrom(client.do('newnsid', { nsid: 8, fd }))));
    expect(error.code).to.equal('EEXIST');
    expect(error.message).to.include('Peer netns already has a nsid assigned');
  });

  it('numbers namespaces, which ip lists and notifications and the collection report', async () => {
    const watcher = watch(client.watch('getnsid'));
    await watcher.has('both', (rows) => rows.length === 2);
    const received = firstValueFrom(client.notifications('rtnlgrp-nsid').pipe(take(2), toArray()));
    const [, , third] = others;
    await openNamespace(third!, (fd) => lastValueFrom(client.do('newnsid', { nsid: 21, fd })));
    const shown = listed();
    expect(shown).to.deep.include({ nsid: 21 });
    const rows = await watcher.has('the new one', (entries) => entries.length === 3);
    compare(shown, rows);
    third!.delete();
    await watcher.has('two', (entries) => entries.length === 2);
    compare(listed(), watcher.entries!);
    expect((await received).map(({ op, value: { nsid } }) => [op, nsid])).to.deep.equal([
      ['newnsid-ntf', 21],
      ['delnsid-ntf', 21],
    ]);
    expect(watcher.reasons).to.deep.equal(['initial']);
  }).timeout(20_000);

  it('does not watch the table of another namespace', () => {
    expect(() => client.watch('getnsid', { targetNsid: 7 })).to.throw(TypeError, 'getnsid: cannot watch by targetNsid');
  });
});
