import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import {
  CreateFlags,
  EntryFlags,
  ipset,
  type CreateRequest,
  type EntryAttributesInput,
  type IpsetFamily,
  type ListReply,
} from '../../../lib/families/ipset.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { saveLines, secondsIn, withoutSeconds } from '../../families/compare/ipset-text.js';
import { PATIENCE } from '../../support/patience.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { OTHER_TYPES, sceneOf } from './ipset-scene.js';

const [INET, INET6] = [2, 10];
const SECONDS = 3;

describe('ipset', () => {
  const first = useNamespace();
  const second = useNamespace();
  const tally = useTally('ipset save');
  let client: WatchableClient<IpsetFamily, never>;
  let other: WatchableClient<IpsetFamily, never>;
  /** The highest revision of hash:ip that the kernel has. */
  let revision: number;

  const saved = (namespace = first()): string[] =>
    namespace
      .run('ipset', 'save')
      .trim()
      .split('\n')
      .filter((line) => line !== '');
  const restore = (lines: readonly string[]): void => {
    first().run('sh', '-c', `ipset restore <<'END'\n${lines.join('\n')}\nEND`);
  };
  const list = (of = client): Promise<ListReply[]> => lastValueFrom(of.list('list'));

  /** Compares sets with the lines of `ipset save`, word for word; remaining seconds may differ by a few. */
  const compare = (rows: readonly ListReply[], lines: readonly string[]): void => {
    const own = rows.flatMap(saveLines);
    expect(withoutSeconds(own).sort()).to.deep.equal(withoutSeconds(lines).sort());
    const shown = secondsIn(lines);
    for (const [line, seconds] of secondsIn(own)) expect(seconds, line).to.be.closeTo(shown.get(line)!, SECONDS * PATIENCE);
    tally.add(lines.join(' ').split(/[ ,:/]/).length);
  };

  /** Creates a set of the highest revision that the kernel has. */
  const create = async (request: CreateRequest, entries: readonly EntryAttributesInput[] = []): Promise<void> => {
    const { typename = '', setname = '' } = request;
    const type = await lastValueFrom(client.do('type', { typename, family: INET }));
    await lastValueFrom(client.do('create', { ...request, revision: type.revision ?? 0 }, { exclusive: true }));
    if (entries.length > 0) await lastValueFrom(client.do('add', { setname, adt: { data: [...entries] } }, { exclusive: true }));
  };

  before(async () => {
    client = ipset({ netns: first().path });
    other = ipset({ netns: second().path });
    client.socket.connect();
    other.socket.connect();
    ({ revision = 0 } = await lastValueFrom(client.do('type', { typename: 'hash:ip', family: INET })));
  });
  after(() => {
    client?.close();
    other?.close();
  });
  afterEach(() => {
    for (const namespace of [first(), second()]) namespace.run('sh', '-c', 'ipset flush && ipset destroy');
  });

  it('reads sets of every type that ipset makes', async () => {
    restore(sceneOf(revision));
    const rows = await list();
    expect(rows.map(({ typename }) => typename)).to.include.members(
      ['bitmap:ip', 'bitmap:ip,mac', 'bitmap:port', 'hash:ip', 'hash:net', 'hash:ip,port', 'hash:net,port', 'hash:ip,port,ip'].concat(
        'hash:ip,port,net',
        'hash:net,iface',
        'list:set',
      ),
    );
    compare(rows, saved());
    compare(await lastValueFrom(client.list('save')), saved());
  });

  it('reads the numbers that ipset lists of each set', async () => {
    restore(sceneOf(revision));
    const shown = first().run('ipset', '-t', 'list').trim().split('\n\n');
    const own = (await list()).map(({ setname, typename, revision, data = {} }) => {
      const { memsize, references, elements } = data as { memsize?: number; references?: number; elements?: number };
      return [`Name: ${setname!}`, `Type: ${String(typename)}`, `Revision: ${revision!}`, `Size in memory: ${memsize!}`].concat(
        `References: ${references!}`,
        `Number of entries: ${elements!}`,
      );
    });
    expect(own).to.deep.equal(shown.map((text) => text.split('\n').filter((line) => !line.startsWith('Header: '))));
    tally.add(own.flat().length);
  });

  it('writes sets as it has read them', async () => {
    restore(sceneOf(revision));
    for (const { setname, typename, revision, family, data, adt } of await list()) {
      await lastValueFrom(other.do('create', { setname, typename, revision, family, data } as CreateRequest, { exclusive: true }));
      await lastValueFrom(other.do('add', { setname, adt } as IpsetFamily['do']['add']['request'], { exclusive: true }));
    }
    const [lines, copies] = [saved(), saved(second())];
    expect(withoutSeconds(copies).sort()).to.deep.equal(withoutSeconds(lines).sort());
    compare(await list(other), copies);
  });

  it('deletes and tests entries as it has read them', async () => {
    restore(sceneOf(revision));
    const rows = await list();
    for (const { setname, adt } of rows) {
      for (const data of adt?.data ?? []) await lastValueFrom(client.do('test', { setname: setname!, data }));
      await lastValueFrom(client.do('del', { setname: setname!, adt: { data: adt?.data ?? [] } }, { exclusive: true }));
    }
    expect(saved().filter((line) => line.startsWith('add '))).to.deep.equal([]);
    expect(rows.flatMap(({ adt }) => adt?.data ?? []).length).to.be.greaterThan(30);
  });

  it('writes every option and extension, which ipset reads', async function () {
    if (revision < 6) skipBecause(this, `this kernel has no bitmasks of sets: its hash:ip has revision ${revision}`);
    const cadtFlags = CreateFlags.WithCounters | CreateFlags.WithComment | CreateFlags.WithSkbinfo;
    await create(
      {
        setname: 'all',
        typename: 'hash:net,iface',
        family: INET,
        data: { hashsize: 64, maxelem: 77, bucketsize: 4, initval: 0x01020304, timeout: 2_147_483, cadtFlags },
      },
      [
        {
          ip: { ipv4: '10.0.0.0' },
          cidr: 8,
          iface: 'eth0',
          cadtFlags: EntryFlags.Physdev | EntryFlags.Nomatch,
          timeout: 0,
          packets: 1n,
          bytes: 2n ** 63n,
          comment: 'with "quotes" and ü',
          skbmark: 0x1122_0000_ffffn,
          skbprio: 0x1000f,
          skbqueue: 65535,
        },
      ],
    );
    await create({ setname: 'range', typename: 'bitmap:ip', data: { ip: { ipv4: '10.1.0.0' }, cidr: 24, netmask: 26 } });
    await create({ setname: 'ports', typename: 'bitmap:port', data: { port: 80, portTo: 65535, timeout: 0 } }, [
      { port: 8080, portTo: 8082 },
    ]);
    await create({ setname: 'masked', typename: 'hash:ip', data: { bitmask: { ipv6: 'ffff::ffff' }, initval: 1, bucketsize: 2 } }, [
      { ip: { ipv6: '2001:db8::1' } },
    ]);
    await create({ setname: 'sets', typename: 'list:set', data: { size: 4 } }, [
      { name: 'range' },
      { name: 'all', nameref: 'range', cadtFlags: EntryFlags.Before },
      { name: 'ports', nameref: 'range' },
    ]);
    const lines = saved();
    expect(lines).to.deep.equal([
      'create all hash:net,iface family inet hashsize 64 maxelem 77 timeout 2147483 counters comment skbinfo bucketsize 4 initval 0x01020304',
      'add all 10.0.0.0/8,physdev:eth0 timeout 0 nomatch packets 1 bytes 9223372036854775808 comment "with "quotes" and ü" skbmark 0x1122/0xffff skbprio 1:f skbqueue 65535',
      'create range bitmap:ip range 10.1.0.0-10.1.0.255 netmask 26',
      'create ports bitmap:port range 80-65535 timeout 0',
      'add ports 8080 timeout 0',
      'add ports 8081 timeout 0',
      'add ports 8082 timeout 0',
      'create masked hash:ip family inet6 hashsize 1024 maxelem 65536 bitmask ffff::ffff bucketsize 2 initval 0x00000001',
      'add masked 2001::1',
      'create sets list:set size 4',
      'add sets all',
      'add sets range',
      'add sets ports',
    ]);
  });

  it('reports the types that this kernel lacks', async () => {
    for (const typename of OTHER_TYPES) {
      const error = await lastValueFrom(client.do('type', { typename, family: INET6 })).catch((one: unknown) => one);
      if (error instanceof Error) expect(error.message).to.match(/^IPSET_ERR_FIND_TYPE type: type 'hash:/);
      else expect(error).to.include({ typename });
    }
  });

  it('renames, swaps, flushes and destroys sets', async () => {
    await create({ setname: 'a', typename: 'hash:ip', family: INET }, [{ ip: { ipv4: '10.0.0.1' } }]);
    await create({ setname: 'b', typename: 'hash:ip', family: INET }, [{ ip: { ipv4: '10.0.0.2' } }]);
    await lastValueFrom(client.do('swap', { setname: 'a', setname2: 'b' }));
    await lastValueFrom(client.do('rename', { setname: 'a', setname2: 'c' }));
    expect(saved().filter((line) => line.startsWith('add '))).to.have.members(['add b 10.0.0.1', 'add c 10.0.0.2']);
    await lastValueFrom(client.do('flush', { setname: 'b' }));
    await lastValueFrom(client.do('destroy', { setname: 'c' }));
    expect(saved().map((line) => line.split(' ', 3).join(' '))).to.deep.equal(['create b hash:ip']);
    await lastValueFrom(client.do('destroy-all'));
    expect(saved()).to.deep.equal([]);
  });

  it('finds a set by its name and by its index', async () => {
    await create({ setname: 'one', typename: 'hash:net', family: INET6 });
    const { index, family } = await lastValueFrom(client.do('get-byname', { setname: 'one' }));
    expect(family).to.equal(INET6);
    expect(await lastValueFrom(client.do('get-byindex', { index: index! }))).to.include({ setname: 'one' });
    expect(await lastValueFrom(client.do('header', { setname: 'one' }))).to.include({ typename: 'hash:net', family: INET6 });
    expect(await lastValueFrom(client.do('protocol', {}))).to.include({ protocol: 7, protocolMin: 6 });
    expect(first().run('ipset', '--version')).to.include('protocol version: 7');
  });

  it('lists the names only, or the options only', async () => {
    restore(sceneOf(revision));
    const names = await lastValueFrom(client.list('list', { flags: 2 }));
    expect(names.map(({ setname }) => setname)).to.deep.equal(first().run('ipset', '-n', 'list').trim().split('\n'));
    expect(names[0]).to.not.have.any.keys('data', 'adt');
    const headers = await lastValueFrom(client.list('list', { flags: 4 }));
    expect(headers.every(({ data, adt }) => data !== undefined && adt === undefined)).to.equal(true);
    expect(await lastValueFrom(client.list('list', { setname: 'n6' }))).to.have.length(1);
  });

  it('adds 20,000 entries in few requests, and reads them as one set', async () => {
    const entry = (at: number): EntryAttributesInput => ({ ip: { ipv4: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}` } });
    await create({ setname: 'many', typename: 'hash:ip', family: INET });
    const requests = Array.from({ length: 10 }, (_, part) => ({
      op: 'add' as const,
      request: { setname: 'many', adt: { data: Array.from({ length: 2000 }, (_one, at) => entry(part * 2000 + at + 1)) } },
      options: { exclusive: true },
    }));
    await lastValueFrom(client.batch(requests));
    const rows = await list();
    expect(rows).to.have.length(1);
    expect(rows[0]!.adt!.data).to.have.length(20_000);
    compare(rows, saved());
  });

  it('is not watched, because the kernel sends no events', () => {
    expect(() => (client as unknown as { watch: (op: string) => unknown }).watch('list')).to.throw(
      'the kernel has no multicast group for sets',
    );
  });
});
