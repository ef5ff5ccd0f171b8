import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { crypto, type GetalgReply } from '../../../../lib/families/crypto.js';
import { nfnetlinkOsf, type NfOsfOptInput } from '../../../../lib/families/nfnetlink_osf.js';
import { CgwFlags, CgwMod, rtCangw, type RtCangwFamily } from '../../../../lib/families/rt-cangw.js';
import type { KernelError } from '../../../../lib/index.js';
import { requirePrograms, spawnSync } from '../../../support/programs.js';
import { json, last, modules, run } from '../../support.js';

const failure = (promise: Promise<unknown>): Promise<KernelError> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as KernelError,
  );

describe('crypto on the wide kernel', () => {
  before(() => {
    modules('crypto_user', 'cbc', 'sha256_generic', 'camellia_generic');
  });

  /** Returns the algorithms of /proc/crypto by their drivers. */
  const shown = (): Map<string, Record<string, string>> =>
    new Map(
      readFileSync('/proc/crypto', 'utf8')
        .trim()
        .split('\n\n')
        .map((text) => Object.fromEntries(text.split('\n').map((line) => line.split(/\s*:\s*/) as [string, string])))
        .map((entry) => [entry['driver']!, entry] as const),
    );

  const compare = (row: GetalgReply, entry: Record<string, string>): number => {
    const { reportHash: hash, reportBlkcipher: block, reportAead: aead, reportRng: rng, reportCipher: cipher } = row;
    const values = {
      name: row.name,
      module: row.moduleName,
      priority: String(row.priorityVal),
      ...(hash && { blocksize: String(hash.blocksize), digestsize: String(hash.digestsize) }),
      ...((block ?? cipher) && {
        blocksize: String((block ?? cipher)!.blocksize),
        'min keysize': String((block ?? cipher)!.minKeysize),
        'max keysize': String((block ?? cipher)!.maxKeysize),
      }),
      ...(block && { ivsize: String(block.ivsize) }),
      ...(aead && { blocksize: String(aead.blocksize), maxauthsize: String(aead.maxauthsize), ivsize: String(aead.ivsize) }),
      ...(rng && { seedsize: String(rng.seedsize) }),
    };
    expect(entry, row.driverName).to.include(values);
    return Object.keys(values).length;
  };

  it('lists the algorithms of /proc/crypto with all their sizes', async () => {
    using client = crypto();
    const rows = await last(client.list('getalg'));
    const entries = shown();
    expect([...new Set(rows.map(({ driverName }) => driverName))]).to.have.members([...entries.keys()]);
    expect(rows.length).to.be.at.least(10);
    const compared = rows.map((row) => compare(row, entries.get(row.driverName)!));
    expect(compared.reduce((sum, count) => sum + count, 0)).to.be.above(4 * rows.length);
  });

  it('creates, reads, changes and deletes an instance of a template', async () => {
    using client = crypto();
    const driverName = 'cbc(camellia-generic)';
    await last(client.do('newalg', { driverName, priorityVal: 77 }));
    const row = await last(client.do('getalg', { driverName }));
    expect(row).to.deep.include({ name: 'cbc(camellia)', driverName, priorityVal: 77 });
    compare(row, shown().get(driverName)!);
    await last(client.do('updatealg', { driverName, priorityVal: 78 }));
    expect(shown().get(driverName)).to.include({ priority: '78' });
    await last(client.do('delalg', { driverName }));
    expect([...shown().keys()]).to.not.include(driverName);
    const error = await failure(last(client.do('getalg', { name: 'none-such' })));
    expect(error.message).to.match(/^ENOENT getalg: algorithm 'none-such'/);
  });
});

describe('rtCangw on the wide kernel', () => {
  const [SOURCE, TARGET] = ['vmcan0', 'vmcan1'];
  let client: ReturnType<typeof rtCangw>;
  let links: number[] = [];

  const jobs = async (): Promise<RtCangwFamily['dump']['getroute']['reply'][]> =>
    (await last(client.list('getroute'))).filter(({ srcIf }) => links.includes(srcIf!));

  /** Returns the jobs that cangw lists; its status is not 0 then. */
  const listed = (): string => spawnSync('cangw', ['-L'], { encoding: 'utf8' }).stdout;

  before(() => {
    requirePrograms('cangw', 'cansend');
    modules('vcan', 'can-gw', 'can-raw');
    for (const name of [SOURCE, TARGET]) {
      run(`ip link add ${name} type vcan`);
      run(`ip link set ${name} up`);
    }
    links = [SOURCE, TARGET].map((name) => json<{ ifindex: number }[]>(`ip -j link show ${name}`)[0]!.ifindex);
    client = rtCangw();
  });
  after(() => {
    client?.close();
    for (const name of [SOURCE, TARGET]) run(`ip link del ${name}`);
  });

  it('reads a job that cangw adds, and deletes it', async () => {
    run(`cangw -A -s ${SOURCE} -d ${TARGET} -e -f 123:C00007FF -m SET:IL:456.4.1122334455667788 -x 0:3:4:55 -l 1 -u 4D2`);
    const [job] = await jobs();
    const { modSet, ...rest } = job!;
    expect({ ...modSet, data: Buffer.from(modSet!.data).toString('hex') }).to.deep.equal({
      ...{ canId: 0x456, len: 4, len8Dlc: 0, data: '1122334455667788', modtype: CgwMod.Id | CgwMod.Len },
    });
    expect(rest).to.deep.equal({
      ...{ canFamily: 29, gwtype: 'can-can', flags: CgwFlags.Echo, srcIf: links[0], dstIf: links[1], limHops: 1, modUid: 1234 },
      ...{ filter: { canId: 0x123, canMask: 0xc00007ff }, csXor: { fromIdx: 0, toIdx: 3, resultIdx: 4, initXorVal: 0x55 } },
    });
    await last(client.do('delroute', job));
    expect(await jobs()).to.deep.equal([]);
    expect(listed()).to.not.include(SOURCE);
  });

  it('writes a job that cangw lists, whose frames the kernel counts', async () => {
    const job = {
      ...{ srcIf: links[0]!, dstIf: links[1]!, filter: { canId: 0x100, canMask: 0x700 } },
      modXor: { canId: 0, len: 0, data: Buffer.from('ff00000000000000', 'hex'), modtype: CgwMod.Data },
    };
    await last(client.do('newroute', job));
    const line = listed()
      .split('\n')
      .find((each) => each.includes(`-s ${SOURCE} -d ${TARGET}`));
    expect(line)
      .to.match(/XOR:D:0+\.0\.FF0{14}/i)
      .and.match(/-f 0*100:0*700/);
    run(`cansend ${SOURCE} 123#AA`);
    run(`cansend ${SOURCE} 223#AA`);
    expect((await jobs())[0]).to.include({ handled: 1 });
    await last(client.do('delroute', job));
    const error = await failure(last(client.do('delroute', job)));
    expect(error.message).to.match(/^\w+ delroute: job from interface \d+ to \d+/);
    // The kernel would delete all jobs.
    expect((await failure(last(client.do('delroute', { srcIf: 0, dstIf: 0 })))).name).to.equal('EncodeError');
  });
});

describe('nfnetlinkOsf on the wide kernel', () => {
  /** A line of pf.os: window, TTL, fragmentation, size, options, then genre, version and subtype. */
  const LINE = 'S10:64:1:60:M*,S,T,N,W7:VmSystem:3.4:sub:a system of the specs';
  const file = join(tmpdir(), `pf-${String(process.pid)}.os`);
  const opt: NfOsfOptInput[] = Array.from({ length: 40 }, () => ({}));
  // The segment size, SACK permitted, a time stamp, no operation, and a window scale of 7.
  opt.splice(
    0,
    5,
    { kind: 2, length: 4 },
    { kind: 4, length: 2 },
    { kind: 8, length: 10 },
    { kind: 1, length: 1 },
    { kind: 3, length: 3, wc: { val: 7 } },
  );
  const finger = {
    ...{ wss: { wc: 'mss', val: 10 } as const, ttl: 64, df: 1, ss: 60, optNum: 5 },
    ...{ genre: 'VmSystem', version: '3.4', subtype: 'sub', opt },
  };

  before(() => {
    requirePrograms('nfnl_osf');
    modules('nfnetlink_osf');
    writeFileSync(file, `${LINE}\n`);
  });

  it('removes a fingerprint that nfnl_osf adds: all 592 bytes are equal', async () => {
    using client = nfnetlinkOsf();
    run(`nfnl_osf -f ${file}`);
    await last(client.do('remove', { finger }));
    const error = await failure(last(client.do('remove', { finger })));
    expect(error.message).to.match(/^ENOENT remove: fingerprint/);
  });

  it('adds one, which nfnl_osf removes', async () => {
    using client = nfnetlinkOsf();
    await last(client.do('add', { finger }, { create: true, exclusive: true }));
    expect((await failure(last(client.do('add', { finger }, { create: true, exclusive: true })))).code).to.equal('EEXIST');
    run(`nfnl_osf -d -f ${file}`);
    expect((await failure(last(client.do('remove', { finger })))).code).to.equal('ENOENT');
  });

  it('names the fingerprint in the error of a kernel that gets too few entries', async () => {
    using client = nfnetlinkOsf();
    const error = await failure(last(client.do('add', { finger: { ...finger, opt: opt.slice(0, 5) } }, { create: true })));
    expect(error.message).to.match(/^E\w+ add: fingerprint/);
  });
});
