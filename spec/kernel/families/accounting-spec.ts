import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { conntrackTimeout, type ConntrackTimeoutFamily } from '../../../lib/families/conntrack_timeout.js';
import { Flags, nfacct, type NfacctFamily } from '../../../lib/families/nfacct.js';
import type { FamilyClient, KernelError } from '../../../lib/index.js';
import { requirePrograms } from '../../support/programs.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

const [INET, INET6] = [2, 10];
const failure = (promise: Promise<unknown>): Promise<KernelError> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as KernelError,
  );

describe('nfacct', () => {
  const namespace = useNamespace();
  let client: FamilyClient<NfacctFamily>;

  /** Returns the lines of `nfacct list`, in the words of a row. */
  const listed = (...words: string[]): string[] =>
    namespace()
      .run('nfacct', 'list', ...words)
      .trim()
      .split('\n');
  const line = ({ name, pkts, bytes, flags, quota }: NfacctFamily['dump']['get']['reply']): string => {
    const digits = (value?: bigint) => String(value).padStart(20, '0');
    const mode = (flags! & Flags.QuotaPkts) !== 0 ? 'packet' : 'byte';
    const over = (flags! & Flags.Overquota) !== 0 ? 'yes' : 'no';
    const limit = quota === undefined ? '' : `, quota = ${digits(quota)}, mode = ${mode}, overquota = ${over}`;
    return `{ pkts = ${digits(pkts)}, bytes = ${digits(bytes)}${limit} } = ${name!};`;
  };
  const read = async (): Promise<string[]> => (await lastValueFrom(client.list('get'))).map(line);

  before(function () {
    requirePrograms('nfacct');
    try {
      namespace().run('nfacct', 'add', 'first');
    } catch (error) {
      skipBecause(this, 'this kernel has no counters of nfnetlink', error);
    }
    client = nfacct({ netns: namespace().path });
  });
  after(() => {
    client?.close();
  });

  it('writes counters and quotas, which nfacct lists', async () => {
    await lastValueFrom(client.do('new', { name: 'http', pkts: 2n, bytes: 5_000_000_000n }, { exclusive: true }));
    await lastValueFrom(client.do('new', { name: 'most', flags: Flags.QuotaBytes, quota: 7n }));
    namespace().run('nfacct', 'add', 'few', 'packet', '100');
    expect(await read()).to.deep.equal(listed());
    expect(await lastValueFrom(client.do('get', { name: 'http' }))).to.deep.include({ pkts: 2n, bytes: 5_000_000_000n, use: 1 });
  });

  it('lists those with a kind of quota', async () => {
    const names = async (mask: number, value: number): Promise<(string | undefined)[]> =>
      (await lastValueFrom(client.list('get', { filter: { mask, value } }))).map(({ name }) => name);
    expect(await names(Flags.QuotaPkts, Flags.QuotaPkts)).to.deep.equal(['few']);
    expect(await names(Flags.QuotaBytes, Flags.QuotaBytes)).to.deep.equal(['most']);
    expect(await names(Flags.QuotaBytes | Flags.QuotaPkts, 0)).to.deep.equal(['first', 'http']);
    expect(await names(0, 0)).to.deep.equal(['first', 'http', 'most', 'few']);
    const half = await failure(lastValueFrom(client.list('get', { filter: { mask: Flags.QuotaPkts } })));
    expect(half.code).to.equal('EINVAL');
  });

  it('reads and resets counters', async () => {
    expect(await lastValueFrom(client.do('get-ctrzero', { name: 'http' }))).to.deep.include({ pkts: 2n });
    expect(await lastValueFrom(client.do('get', { name: 'http' }))).to.deep.include({ pkts: 0n, bytes: 0n });
  });

  it('rejects a quota without its unit, which the kernel would ignore', async () => {
    for (const flags of [{}, { flags: 0 }]) {
      const error = await failure(lastValueFrom(client.do('new', { name: 'idle', quota: 7n, ...flags })));
      expect(error.message).to.match(/^EENCODE new: .*7n has no effect: the kernel ignores this/);
    }
    expect(await read()).to.have.length(4);
  });

  it('deletes one counter, and none without a name', async () => {
    await lastValueFrom(client.do('del', { name: 'http' }));
    for (const request of [undefined, {}, { name: undefined }]) {
      const error = await failure(lastValueFrom(client.do('del', request as never)));
      expect(error.message).to.match(/^EENCODE del: 'name' is missing/);
    }
    expect(await read()).to.have.length(3);
    expect((await failure(lastValueFrom(client.do('get', { name: 'http' })))).message).to.equal("ENOENT get: counter 'http'");
  });
});

describe('conntrackTimeout', () => {
  const namespace = useNamespace();
  let client: FamilyClient<ConntrackTimeoutFamily>;

  /** Returns the numbers that nfct prints, by name. */
  const shown = (...words: string[]): Record<string, number> =>
    Object.fromEntries(
      [
        ...namespace()
          .run('nfct', ...words)
          .matchAll(/\.(\w+) = (\d+)/g),
      ].map(([, name, value]) => [name!.toLowerCase(), Number(value)]),
    );
  /** Returns the same names of a policy. */
  const named = (data: object): Record<string, number> =>
    Object.fromEntries(
      Object.entries(data).map(([name, value]) => {
        const word = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        return [word === 'unack' ? 'unacknowledged' : word, Number(value)];
      }),
    );

  before(function () {
    requirePrograms('nfct');
    try {
      namespace().run('nfct', 'timeout', 'add', 'theirs', 'inet', 'udp', 'unreplied', '7');
    } catch (error) {
      skipBecause(this, 'this kernel has no timeouts of nfnetlink', error);
    }
    client = conntrackTimeout({ netns: namespace().path });
  });
  after(() => {
    client?.close();
  });

  it('reads a policy that nfct has written', async () => {
    const row = await lastValueFrom(client.do('get', { name: 'theirs' }));
    expect(row).to.deep.include({ name: 'theirs', l3proto: INET, l4proto: 'udp', use: 1 });
    expect(shown('timeout', 'get', 'theirs')).to.deep.equal({ l3proto: INET, l4proto: 17, ...named(row.data!) });
    expect(row.data).to.deep.include({ unreplied: 7 });
  });

  it('writes policies, which nfct prints', async () => {
    const tcp = { name: 'ours', l3proto: INET6, l4proto: 'tcp', data: { established: 300, synSent: 7 } } as const;
    await lastValueFrom(client.do('new', tcp, { exclusive: true }));
    const printed = shown('timeout', 'get', 'ours');
    expect(printed).to.include({ l3proto: INET6, l4proto: 6, established: 300, syn_sent: 7 });
    const { data } = await lastValueFrom(client.do('get', { name: 'ours' }));
    expect(printed).to.deep.equal({ l3proto: INET6, l4proto: 6, ...named(data!) });
    const others = { icmp: { timeout: 9 }, icmpv6: { timeout: 10 }, gre: { replied: 11 }, sctp: { closed: 12 }, generic: { timeout: 13 } };
    for (const [l4proto, wanted] of Object.entries(others)) {
      await lastValueFrom(client.do('new', { name: l4proto, l3proto: INET, l4proto, data: wanted } as never));
      expect(shown('timeout', 'get', l4proto), l4proto).to.include(named(wanted));
    }
    const names = (await lastValueFrom(client.list('get'))).map(({ name }) => name);
    expect(names).to.have.members(['theirs', 'ours', ...Object.keys(others)]);
  });

  it('changes the defaults of the network namespace', async () => {
    const protocol = { l3proto: INET, l4proto: 'udp' } as const;
    await lastValueFrom(client.do('default-set', { ...protocol, data: { unreplied: 33 } }));
    const { data } = await lastValueFrom(client.do('default-get', protocol));
    expect(data).to.deep.include({ unreplied: 33 });
    expect(shown('timeout', 'default-get', 'inet', 'udp')).to.deep.equal({ l3proto: INET, l4proto: 17, ...named(data!) });
  });

  it('deletes a policy, and names it in errors', async () => {
    await lastValueFrom(client.do('delete', { name: 'ours' }));
    expect((await failure(lastValueFrom(client.do('get', { name: 'ours' })))).message).to.equal("ENOENT get: timeout policy 'ours'");
    for (const request of [undefined, {}, { name: undefined }]) {
      const error = await failure(lastValueFrom(client.do('delete', request as never)));
      expect(error.message).to.match(/^EENCODE delete: 'name' is missing/);
    }
    expect(await lastValueFrom(client.list('get'))).to.have.length(6);
  });
});
