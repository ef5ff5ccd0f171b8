import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';

import { UNLIMITED, xfrm, type NewsaRequest, type XfrmFamily } from '../../../lib/families/xfrm.js';
import { stringify } from '../../../lib/schema/index.js';
import { normalized, objectsIn, policyText, stateText } from '../../families/compare/xfrm-text.js';
import { useWatchers } from '../../kernel/live/watcher.js';
import { useTally } from '../../support/tally.js';
import { last, modules, run } from '../support.js';

const key = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 255);

/** Returns a request for a state with AES-GCM. */
const gcm = (spi: number, more: Partial<NewsaRequest> = {}): NewsaRequest => ({
  id: { daddr: '10.0.0.2', spi, proto: 'esp' },
  saddr: '10.0.0.1',
  mode: 'tunnel',
  reqid: 7,
  lft: UNLIMITED,
  algAead: { algName: 'rfc4106(gcm(aes))', algKey: key(20), algIcvLen: 128 },
  ...more,
});

describe('xfrm on the wide kernel', () => {
  const watch = useWatchers();
  const tally = useTally('ip -s xfrm');
  let client: ReturnType<typeof xfrm>;

  const compare = (what: 'state' | 'policy', texts: readonly string[]): void => {
    const expected = objectsIn(run(`ip -s xfrm ${what} list`));
    expect(texts.map(normalized).sort()).to.deep.equal([...expected].sort());
    tally.add(expected.join(' ').split(' ').length);
  };
  const compareStates = async (): Promise<void> => {
    compare(
      'state',
      (await last(client.list('getsa'))).map((state) => stateText(state)),
    );
  };

  before(() => {
    modules('esp4', 'esp6', 'ah4', 'ah6', 'ipcomp', 'xfrm_user', 'dummy');
    client = xfrm();
    client.socket.connect();
  });
  after(() => client?.close());
  afterEach(() => {
    run('ip xfrm state flush');
    run('ip xfrm policy flush');
  });

  it('reads the states that ip makes', async () => {
    const hex = (length: number): string => `0x${Buffer.from(key(length)).toString('hex')}`;
    const lines = [
      `src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x100 reqid 1 mode tunnel auth-trunc hmac(sha256) ${hex(32)} 128 enc cbc(aes) ${hex(16)} encap espinudp 4500 4501 0.0.0.0 replay-window 32 flag noecn flag af-unspec`,
      `src 2001:db8::1 dst 2001:db8::2 proto esp spi 0x101 mode transport aead rfc4106(gcm(aes)) ${hex(20)} 128 flag esn replay-window 128 mark 5 mask 0xff output-mark 0x7 mask 0xf if_id 0x44`,
      `src 10.0.0.3 dst 10.0.0.4 proto ah spi 0x102 mode transport auth hmac(sha1) ${hex(20)} sel src 10.0.0.3 dst 10.0.0.4 proto udp sport 53 limit byte-hard 1000000 limit time-soft 600 limit packet-soft 77`,
      'src 10.0.0.5 dst 10.0.0.6 proto comp spi 0x103 mode tunnel comp deflate extra-flag dont-encap-dscp',
      `src 10.0.0.7 dst 10.0.0.8 proto esp spi 0x104 mode tunnel dir out aead rfc4106(gcm(aes)) ${hex(36)} 96 tfcpad 64`,
    ];
    for (const line of lines) run(`ip xfrm state add ${line}`);
    expect((await last(client.list('getsa'))).length).to.be.at.least(lines.length);
    await compareStates();
  });

  it('writes states, which ip lists, and accepts a row as the kernel sent it', async () => {
    const states: NewsaRequest[] = [
      gcm(0x200, { mark: { v: 1, m: 3 }, setMark: 5, setMarkMask: 7, ifId: 9, tfcpad: 32, saExtraFlags: 1 }),
      gcm(0x201, { flags: 128, replayEsnVal: { replayWindow: 100, bmp: [0, 0, 0, 0] } }),
      {
        id: { daddr: '2001:db8::2', spi: 0x202, proto: 'esp' },
        saddr: '2001:db8::1',
        sel: { saddr: '2001:db8:1::/48', daddr: '2001:db8:2::/48', proto: 6, dport: 80, dportMask: 0xffff },
        lft: { ...UNLIMITED, hardByteLimit: 5000n, softAddExpiresSeconds: 60n },
        mode: 'tunnel',
        replayWindow: 32,
        algAuthTrunc: { algName: 'hmac(sha256)', algKey: key(32), algTruncLen: 128 },
        algCrypt: { algName: 'cbc(aes)', algKey: key(32) },
      },
      {
        id: { daddr: '10.0.0.4', spi: 0x203, proto: 'esp' },
        saddr: '10.0.0.3',
        lft: UNLIMITED,
        algAuth: { algName: 'hmac(sha1)', algKey: key(20) },
        algCrypt: { algName: 'cipher_null', algKey: new Uint8Array(0) },
        encap: { encapType: 'espinudp', encapSport: 4500, encapDport: 4501, encapOa: '192.0.2.1' },
      },
    ];
    for (const state of states) await last(client.do('newsa', state));
    await compareStates();
    const shown = (): string[] => objectsIn(run('ip -s xfrm state list')).map((text) => text.replace(/ add \S+ \S+ use/, ''));
    const [rows, before] = [await last(client.list('getsa')), shown()];
    await last(client.do('flushsa', { proto: 'any' }));
    expect(await last(client.list('getsa'))).to.deep.equal([]);
    for (const row of [...rows].reverse()) await last(client.do('newsa', row));
    expect(shown().sort()).to.deep.equal([...before].sort());
    tally.add(before.join(' ').split(' ').length);
  });

  it('shows keys only by their length', async () => {
    const secret = Buffer.from(key(20)).toString('hex');
    await last(client.do('newsa', gcm(0x300)));
    const state = await last(client.do('getsa', { daddr: '10.0.0.2', spi: 0x300, proto: 'esp' }));
    expect(Buffer.from(state.algAead!.algKey).toString('hex')).to.equal(secret);
    expect(stringify(state)).to.include('"algKey":"<secret, 20 bytes>"').and.not.include(secret);
    const error: unknown = await last(client.do('newsa', gcm(0x300))).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'KernelError', code: 'EEXIST' });
    expect(stringify(error)).to.not.include(secret);
  });

  it('keeps a collection of states current', async () => {
    const watcher = watch(client.watch('getsa'));
    await watcher.has('none', (rows) => rows.length === 0);
    const check = async (what: string, holds: Parameters<typeof watcher.has>[1]): Promise<void> => {
      const rows = await watcher.has(what, holds);
      compare(
        'state',
        rows.map((state) => stateText(state)),
      );
    };
    await last(client.do('newsa', gcm(0x400)));
    run(
      `ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto ah spi 0x400 mode transport auth hmac(sha1) 0x${Buffer.from(key(20)).toString('hex')}`,
    );
    await check('both', (rows) => rows.length === 2);
    // The kernel takes the limit of the request, and ignores its reqid; the event contains both.
    await last(client.do('updsa', gcm(0x400, { reqid: 99, lft: { ...UNLIMITED, hardByteLimit: 99n } })));
    await check('the change', (rows) => rows.some(({ lft }) => lft.hardByteLimit === 99n));
    await last(client.do('delsa', { daddr: '10.0.0.2', spi: 0x400, proto: 'ah' }));
    await check('one', (rows) => rows.length === 1);
    expect(watcher.reasons).to.have.length(2);
    run('ip xfrm state flush');
    await watcher.has('none after a flush', (rows) => rows.length === 0);
    await last(client.do('newsa', gcm(0x401, { lft: { ...UNLIMITED, hardAddExpiresSeconds: 1n } })));
    await watcher.has('one that expires', (rows) => rows.length === 1);
    await watcher.has('none after the expiry', (rows) => rows.length === 0);
    // A larval state becomes complete.
    const info = { id: { daddr: '10.0.0.2', proto: 'esp' }, saddr: '10.0.0.1', mode: 'tunnel', reqid: 7 } as const;
    await last(client.do('allocspi', { info, min: 0x402, max: 0x402 }));
    expect(watcher.entries).to.deep.equal([]);
    await last(client.do('updsa', gcm(0x402)));
    await check('the complete one', (rows) => rows.length === 1);
  }).timeout(60_000);

  it('emits the events of states: created, expired, replay values, deleted', async () => {
    const received = firstValueFrom(client.notifications('sa', 'expire', 'aevents').pipe(take(6), toArray()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await last(client.do('newsa', gcm(0x500, { lft: { ...UNLIMITED, softAddExpiresSeconds: 1n, hardAddExpiresSeconds: 3n } })));
    const ae = { daddr: '10.0.0.2', spi: 0x500, proto: 'esp' } as const;
    await last(client.do('newae', { ...ae, replayVal: { oseq: 41, seq: 3, bitmap: 7 } }, { replace: true }));
    const read = await last(client.do('getae', { ...ae, flags: 1 }));
    expect([read.replayVal, read.saddr, read.reqid]).to.deep.equal([{ oseq: 41, seq: 3, bitmap: 7 }, '10.0.0.1', 7]);
    await last(client.do('newsa', gcm(0x501)));
    await last(client.do('delsa', { daddr: '10.0.0.2', spi: 0x501, proto: 'esp' }));
    const events = await received;
    expect(events.map(({ op }) => op)).to.deep.equal(['newsa-ntf', 'newae-ntf', 'newsa-ntf', 'delsa-ntf', 'expire', 'expire']);
    const expired = events.slice(4).map(({ value }) => value as XfrmFamily['notifications']['expire']);
    expect(expired.map(({ hard, state }) => [hard, state.id.spi, state.id.daddr])).to.deep.equal([
      [0, 0x500, '10.0.0.2'],
      [1, 0x500, '10.0.0.2'],
    ]);
    const gone = events[3]!.value as XfrmFamily['notifications']['delsa-ntf'];
    expect([gone.spi, gone.daddr, gone.sa?.saddr, gone.algAead?.algName]).to.deep.equal([
      0x501,
      '10.0.0.2',
      '10.0.0.1',
      'rfc4106(gcm(aes))',
    ]);
  }).timeout(60_000);

  it('moves a policy with its state to other addresses', async () => {
    const sel = { saddr: '10.1.0.0/16', daddr: '10.2.0.0/16' };
    const all = { aalgos: 0xffff_ffff, ealgos: 0xffff_ffff, calgos: 0xffff_ffff };
    const tmpl = [{ id: { daddr: '10.0.0.2', proto: 'esp' }, saddr: '10.0.0.1', reqid: 7, mode: 'tunnel', ...all }] as const;
    await last(client.do('newpolicy', { sel, dir: 'out', lft: UNLIMITED, tmpl }));
    await last(client.do('newsa', gcm(0x600)));
    const received = firstValueFrom(client.notifications('migrate'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const migrate = [
      {
        ...{ oldDaddr: '10.0.0.2', oldSaddr: '10.0.0.1', newDaddr: '10.0.0.12', newSaddr: '10.0.0.11' },
        ...{ proto: 'esp' as const, mode: 'tunnel' as const, reqid: 7 },
      },
    ] as const;
    await last(client.do('migrate', { sel, dir: 'out', policyType: { type: 'main' }, migrate }));
    const { value } = (await received) as { value: XfrmFamily['notifications']['migrate-ntf'] };
    expect(value.migrate).to.deep.equal([{ ...migrate[0], oldFamily: 2, newFamily: 2 }]);
    compare(
      'policy',
      (await lastValueFrom(client.list('getpolicy'))).map((policy) => policyText(policy)),
    );
    await compareStates();
    expect((await last(client.list('getsa'))).map(({ id, saddr }) => [id.daddr, saddr])).to.deep.equal([['10.0.0.12', '10.0.0.11']]);
  });
});
