import { expect } from 'chai';

import { macsec, MacsecCipher, secureChannel, type DeviceAttributes, type MacsecFamily } from '../../../../lib/families/macsec.js';
import { rtLink } from '../../../../lib/families/rt-link.js';
import { EncodeError, stringify, type FamilyClient } from '../../../../lib/index.js';
import { macsecRow } from '../../../families/compare/macsec.js';
import { spawnSync } from '../../../support/programs.js';
import { useTally } from '../../../support/tally.js';
import { last, modules, run } from '../../support.js';

const HERE = 'vm-macsec-a';
const THERE = 'vm-macsec-b';
const ADDRESS: Readonly<Record<typeof HERE | typeof THERE, string>> = { [HERE]: '02:00:00:00:00:50', [THERE]: '02:00:00:00:00:60' };
const DEVICE = 'ms0';

const bytes = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 37 + seed) & 255);
const KEY = bytes(16, 5);
const LONG_KEY = bytes(32, 9);
const SALT = bytes(12, 3);
const keyid = (first: number): Uint8Array => Uint8Array.of(first, ...new Uint8Array(15));

describe('macsec on the wide kernel', () => {
  const tally = useTally('ip macsec');
  let client: FamilyClient<MacsecFamily>;
  let peer: FamilyClient<MacsecFamily>;

  const show = (namespace: string): object[] => JSON.parse(run(`ip -n ${namespace} -j -s macsec show`)) as object[];
  const ifindex = (namespace: string): number =>
    (JSON.parse(run(`ip -n ${namespace} -j link show dev ${DEVICE}`)) as { ifindex: number }[])[0]!.ifindex;
  /** Compares the decoded interfaces with those that ip shows. */
  const compare = async (from = client, namespace = HERE): Promise<readonly DeviceAttributes[]> => {
    const rows = await last(from.list('get-txsc'));
    const shown = show(namespace);
    expect(rows.map((row) => macsecRow(row, { of: () => DEVICE }))).to.deep.equal(shown);
    expect(shown).to.have.length(1);
    tally.add(JSON.stringify(shown).split(',').length);
    return rows;
  };
  const makeDevice = async (cipherSuite: bigint): Promise<void> => {
    for (const namespace of [HERE, THERE] as const) {
      using link = rtLink({ netns: `/run/netns/${namespace}` });
      const rows = await last(link.list('getlink'));
      const { ifiIndex } = rows.find(({ ifname }) => ifname === 'v0')!;
      const data = { sci: secureChannel(ADDRESS[namespace], 1), cipherSuite, encrypt: 1, replayProtect: 1, window: 0 };
      await last(
        link.do('newlink', { ifname: DEVICE, link: ifiIndex, linkinfo: { kind: 'macsec', data } }, { create: true, exclusive: true }),
      );
      run(`ip -n ${namespace} link set ${DEVICE} up`);
    }
  };

  before(() => {
    modules('macsec', 'veth');
    for (const namespace of [HERE, THERE]) {
      run(`ip netns add ${namespace}`);
      // IPv6 sends packets of its own, which count, at any time.
      for (const name of ['all', 'default']) {
        const file = `/proc/sys/net/ipv6/conf/${name}/disable_ipv6`;
        expect(spawnSync('ip', ['netns', 'exec', namespace, 'sh', '-c', `echo 1 >${file}`]).status).to.equal(0);
      }
    }
    run(`ip -n ${HERE} link add v0 address ${ADDRESS[HERE]} type veth peer name v0 address ${ADDRESS[THERE]} netns ${THERE}`);
    for (const namespace of [HERE, THERE]) run(`ip -n ${namespace} link set v0 up`);
    client = macsec({ netns: `/run/netns/${HERE}` });
    peer = macsec({ netns: `/run/netns/${THERE}` });
  });
  after(() => {
    client?.close();
    peer?.close();
    for (const namespace of [HERE, THERE]) run(`ip netns del ${namespace}`);
  });
  afterEach(() => {
    for (const namespace of [HERE, THERE]) spawnSync('ip', ['-n', namespace, 'link', 'del', DEVICE]);
  });

  it('writes channels and associations, which decrypt packets and count them', async () => {
    await makeDevice(MacsecCipher.GcmAes128);
    for (const [one, own, other] of [
      [client, HERE, THERE],
      [peer, THERE, HERE],
    ] as const) {
      const at = ifindex(own);
      const sci = secureChannel(ADDRESS[other], 1);
      await last(one.do('add-txsa', { ifindex: at, saConfig: { an: 0, pn: 100, active: 1, key: KEY, keyid: keyid(1) } }));
      await last(one.do('add-rxsc', { ifindex: at, rxscConfig: { sci, active: 1 } }));
      await last(
        one.do('add-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 0, pn: 1, active: 1, key: KEY, keyid: keyid(1) } }),
      );
      run(`ip -n ${own} addr add 10.7.0.${own === HERE ? 1 : 2}/24 dev ${DEVICE}`);
    }
    expect(spawnSync('ip', ['netns', 'exec', HERE, 'bash', '-c', 'for i in 1 2 3; do echo x >/dev/udp/10.7.0.2/9; done']).status).to.equal(
      0,
    );
    const received = async (): Promise<bigint> => (await last(peer.list('get-txsc')))[0]!.rxscList![0]!.stats!.inPktsOk!;
    for (let tries = 0; tries < 50 && (await received()) < 4n; tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    // The kernel asks for addresses again at any time.
    for (const namespace of [HERE, THERE]) run(`ip -n ${namespace} link set v0 down`);
    const [row] = await compare();
    const [other] = await compare(peer, THERE);
    expect(Number(row!.txscStats!.outPktsEncrypted)).to.be.at.least(4);
    expect(row!.txsaList![0]!.pn).to.equal(100 + Number(row!.txscStats!.outPktsEncrypted));
    // The answers to ARP requests.
    expect(Number(row!.rxscList![0]!.stats!.inPktsOk)).to.be.at.least(1);
    expect(row!.rxscList![0]!.saList![0]!.stats!.inPktsOk).to.equal(Number(row!.rxscList![0]!.stats!.inPktsOk));
    expect(Number(other!.rxscList![0]!.stats!.inPktsOk)).to.be.at.least(4);
    expect(Number(other!.rxscList![0]!.stats!.inOctetsDecrypted)).to.be.at.least(3 * 30);
    for (const namespace of [HERE, THERE]) run(`ip -n ${namespace} link set v0 up`);
  });

  it('changes and deletes channels and associations', async () => {
    await makeDevice(MacsecCipher.GcmAes128);
    const at = ifindex(HERE);
    const sci = secureChannel('02:00:00:00:00:77', 0xffff);
    await last(client.do('add-txsa', { ifindex: at, saConfig: { an: 3, pn: 1, key: KEY, keyid: keyid(2) } }));
    await last(client.do('add-rxsc', { ifindex: at, rxscConfig: { sci } }));
    await last(client.do('add-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 1, pn: 7, key: KEY, keyid: keyid(3) } }));
    let [row] = await compare();
    expect([row!.rxscList![0]!.active, row!.rxscList![0]!.saList![0]!.active, row!.txsaList![0]!.active]).to.deep.equal([1, 0, 0]);
    await last(client.do('upd-txsa', { ifindex: at, saConfig: { an: 3, pn: 0xffff_fffe } }));
    await last(client.do('upd-rxsc', { ifindex: at, rxscConfig: { sci, active: 0 } }));
    await last(client.do('upd-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 1, pn: 9, active: 1 } }));
    [row] = await compare();
    expect([row!.txsaList![0]!.pn, row!.rxscList![0]!.active]).to.deep.equal([0xffff_fffe, 0]);
    expect(row!.rxscList![0]!.saList![0]).to.include({ pn: 9, active: 1 });
    await last(client.do('upd-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 1, active: 0 } }));
    await last(client.do('del-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 1 } }));
    await last(client.do('del-rxsc', { ifindex: at, rxscConfig: { sci } }));
    await last(client.do('del-txsa', { ifindex: at, saConfig: { an: 3 } }));
    [row] = await compare();
    expect([row!.txsaList, row!.rxscList]).to.deep.equal([[], []]);
  });

  it('has packet numbers of 64 bits, short channel numbers and salts with XPN', async () => {
    await makeDevice(MacsecCipher.GcmAesXpn256);
    const at = ifindex(HERE);
    const sci = secureChannel(ADDRESS[THERE], 1);
    const long = { key: LONG_KEY, salt: SALT, active: 1 };
    await last(client.do('add-txsa', { ifindex: at, saConfig: { an: 0, pn: 5n, ssci: 7, keyid: keyid(4), ...long } }));
    await last(client.do('add-rxsc', { ifindex: at, rxscConfig: { sci } }));
    const received = { an: 2, pn: 0x1_0000_0001n, ssci: 0x0102_0304, keyid: keyid(5), ...long };
    await last(client.do('add-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: received }));
    const [row] = await compare();
    expect(row!.secy!.cipherSuite).to.equal(MacsecCipher.GcmAesXpn256);
    expect(row!.rxscList![0]!.saList![0]).to.include({ pn: 0x1_0000_0001n, ssci: 0x0102_0304 });
    expect(row!.txsaList![0]).to.include({ ssci: 7 }).and.have.property('pn').that.is.a('bigint');
    // A number has the width of other ciphers.
    const error: unknown = await last(client.do('upd-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 2, pn: 9 } })).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.include({ name: 'KernelError', code: 'EINVAL' });
    await last(client.do('upd-rxsa', { ifindex: at, rxscConfig: { sci }, saConfig: { an: 2, pn: 9n } }));
    expect((await compare())[0]!.rxscList![0]!.saList![0]!.pn).to.equal(9n);
  });

  it('reads what ip writes, and accepts the rows back with their keys', async () => {
    await makeDevice(MacsecCipher.GcmAes128);
    const text = Buffer.from(KEY).toString('hex');
    run(`ip -n ${HERE} macsec add ${DEVICE} tx sa 1 pn 44 on key 0102 ${text}`);
    run(`ip -n ${HERE} macsec add ${DEVICE} rx address ${ADDRESS[THERE]} port 9 on`);
    run(`ip -n ${HERE} macsec add ${DEVICE} rx address ${ADDRESS[THERE]} port 9 sa 0 pn 3 on key 03 ${text}`);
    const [row] = await compare();
    const [association, channel] = [row!.txsaList![0]!, row!.rxscList![0]!];
    expect(association).to.not.have.property('key');
    // An active association is busy.
    await last(client.do('upd-txsa', { ifindex: row!.ifindex!, saConfig: { an: association.an!, active: 0 } }));
    await last(client.do('del-txsa', { ifindex: row!.ifindex!, saConfig: association }));
    await last(client.do('del-rxsc', { ifindex: row!.ifindex!, rxscConfig: channel }));
    await last(client.do('add-txsa', { ifindex: row!.ifindex!, saConfig: { ...association, key: KEY } }));
    await last(client.do('add-rxsc', { ifindex: row!.ifindex!, rxscConfig: channel }));
    await last(client.do('add-rxsa', { ifindex: row!.ifindex!, rxscConfig: channel, saConfig: { ...channel.saList![0]!, key: KEY } }));
    expect((await compare())[0]).to.deep.equal(row);
  });

  it('names the object in errors, and shows keys only by their length', async () => {
    await makeDevice(MacsecCipher.GcmAes128);
    const request = { ifindex: ifindex(HERE), saConfig: { an: 1, pn: 1, key: KEY, keyid: keyid(6), salt: SALT } };
    await last(client.do('add-txsa', request));
    const error = (await last(client.do('add-txsa', request)).catch((reason: unknown) => reason)) as Error;
    expect(error).to.include({ name: 'KernelError', code: 'EBUSY' });
    expect(error.message).to.include(`interface ${request.ifindex}, association 1`);
    for (const secret of [KEY, SALT]) expect(stringify(error)).to.not.include(Buffer.from(secret).toString('hex'));
    expect(stringify(request)).to.be.a('string');
    const sci = secureChannel(ADDRESS[THERE], 9);
    const missing = (await last(client.do('del-rxsc', { ifindex: request.ifindex, rxscConfig: { sci } })).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(missing).to.include({ code: 'ENODEV' });
    expect(missing.message).to.include(`interface ${request.ifindex}, channel 0x${sci.toString(16)}`);
  });

  it('rejects what the kernel answers without a text, or ignores', async () => {
    const failure = async (request: Promise<unknown>): Promise<string> => {
      const error: unknown = await request.catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(EncodeError);
      return (error as Error).message;
    };
    const saConfig = { an: 0, pn: 1, key: KEY, keyid: keyid(6) };
    const { keyid: _keyid, ...unnamed } = saConfig;
    expect([
      await failure(last(client.do('add-txsa', { ifindex: 1, saConfig: unnamed }))),
      await failure(last(client.do('add-txsa', { ifindex: 1, saConfig: { ...saConfig, an: 4 } }))),
      await failure(last(client.do('add-txsa', { ifindex: 1, saConfig: { ...saConfig, pn: 0 } }))),
      await failure(last(client.do('add-txsa', { ifindex: 1, saConfig: { ...saConfig, keyid: new Uint8Array(4) } }))),
      await failure(last(client.do('add-rxsc', { ifindex: 1, rxscConfig: { sci: 1n, active: 2 } }))),
      await failure(last(client.list('get-txsc', { ifindex: 1 } as never))),
    ]).to.deep.equal([
      "EENCODE add-txsa: .saConfig: 'keyid' is missing",
      'EENCODE add-txsa: .saConfig.an: 4 is out of range: at most 3',
      'EENCODE add-txsa: .saConfig.pn: 0 is out of range: at least 1',
      'EENCODE add-txsa: .saConfig.keyid: expected 16 bytes, got 4',
      'EENCODE add-rxsc: .rxscConfig.active: 2 is out of range: at most 1',
      'EENCODE get-txsc: .ifindex: there is no such property',
    ]);
    expect(() => secureChannel('02:00:00:00:00', 1)).to.throw(RangeError, 'has 5 bytes; expected 6');
    for (const port of [0, 65_536, 1.5]) expect(() => secureChannel(ADDRESS[HERE], port)).to.throw(RangeError, 'is not a port');
  });
});
