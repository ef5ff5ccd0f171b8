import { expect } from 'chai';
import { ipset, type CreateRequest, type EntryAttributesInput, type IpsetFamily, type ListReply } from '../../../lib/families/ipset.js';
import type { KernelError } from '../../../lib/index.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { saveLines, withoutSeconds } from '../../families/compare/ipset-text.js';
import { sceneOf } from '../../kernel/families/ipset-scene.js';
import { useTally } from '../../support/tally.js';
import { spawnSync } from '../../support/programs.js';
import { last, run } from '../support.js';

const [INET, INET6, TCP] = [2, 10, 6];

/** The types that the other kernels of the specs lack. */
const OTHERS: readonly string[] = [
  'create im hash:ip,mark markmask 0xff00 counters',
  'create im6 hash:ip,mark family inet6',
  'create m hash:mac timeout 900 comment',
  'create ima hash:ip,mac',
  'create ima6 hash:ip,mac family inet6 skbinfo',
  'create nn hash:net,net netmask 24',
  'create nn6 hash:net,net family inet6 netmask 64',
  'create npn hash:net,port,net forceadd',
  'create npn6 hash:net,port,net family inet6',
  'add im 10.0.0.1,0x1234 packets 5 bytes 6',
  'add im 10.0.0.2-10.0.0.4,0x4321',
  'add im6 2001:db8::1,5',
  'add m 02:00:00:00:00:0b timeout 100 comment "the door"',
  'add ima 10.0.0.1,02:00:00:00:00:02',
  'add ima6 2001:db8::1,02:00:00:00:00:0c skbmark 0x7 skbprio 2:3',
  'add nn 10.0.0.0/8,10.1.0.0/16 nomatch',
  'add nn6 2001:db8::/32,2001:db8:1::/48',
  'add npn 10.0.0.0/8,tcp:80-81,10.1.0.0/16',
  'add npn 10.0.0.0/8,icmp:echo-request,10.1.0.0/16 nomatch',
  'add npn6 2001:db8::/32,udp:53,2001:db8:1::/48',
];

describe('ipset on the wide kernel', () => {
  const tally = useTally('ipset save');
  let client: WatchableClient<IpsetFamily, never>;

  const saved = (): string[] => run('ipset save').trim().split('\n');
  const restore = (lines: readonly string[]): void => {
    const { status, stderr } = spawnSync('ipset', ['restore'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  };
  const list = (): Promise<ListReply[]> => last(client.list('list'));
  const compare = (rows: readonly ListReply[], lines: readonly string[]): void => {
    expect(withoutSeconds(rows.flatMap(saveLines)).sort()).to.deep.equal(withoutSeconds(lines).sort());
    tally.add(lines.join(' ').split(/[ ,:/]/).length);
  };
  const destroy = async (): Promise<void> => {
    await last(client.do('flush-all'));
    await last(client.do('destroy-all'));
  };

  before(() => {
    client = ipset();
    client.socket.connect();
  });
  after(() => client?.close());
  afterEach(destroy);

  it('reads sets of all 16 types that ipset makes', async () => {
    restore([...sceneOf(6), ...OTHERS]);
    const rows = await list();
    expect(new Set(rows.map(({ typename }) => typename)).size).to.equal(16);
    compare(rows, saved());
  });

  it('writes sets as it has read them', async () => {
    restore(OTHERS);
    const [rows, lines] = [await list(), saved()];
    await destroy();
    for (const { setname, typename, revision, family, data, adt } of rows) {
      await last(client.do('create', { setname, typename, revision, family, data } as CreateRequest, { exclusive: true }));
      await last(client.do('add', { setname, adt } as IpsetFamily['do']['add']['request'], { exclusive: true }));
    }
    expect(withoutSeconds(saved()).sort()).to.deep.equal(withoutSeconds(lines).sort());
    tally.add(lines.join(' ').split(/[ ,:/]/).length);
  });

  it('writes sets with marks, link-layer addresses and two networks, which ipset reads', async () => {
    const create = async (request: CreateRequest, entry: EntryAttributesInput): Promise<void> => {
      const { typename = '', setname = '' } = request;
      const { revision = 0 } = await last(client.do('type', { typename, family: INET6 }));
      await last(client.do('create', { ...request, revision }));
      await last(client.do('add', { setname, data: entry }, { exclusive: true }));
    };
    const data = { initval: 7, bucketsize: 2 };
    const [ip, ip2] = [{ ipv4: '10.0.0.0' }, { ipv4: '10.1.0.0' }];
    const ether = '02:00:00:00:00:0a';
    await create({ setname: 'a', typename: 'hash:ip,mark', family: INET, data: { ...data, markmask: 0xff00ff } }, { ip, mark: 0x12345678 });
    await create({ setname: 'b', typename: 'hash:mac', data }, { ether });
    await create({ setname: 'c', typename: 'hash:ip,mac', family: INET, data }, { ip, ether });
    await create(
      { setname: 'd', typename: 'hash:net,net', family: INET, data: { ...data, bitmask: { ipv4: '255.255.0.0' } } },
      { ip, cidr: 8, ip2, cidr2: 16 },
    );
    await create(
      { setname: 'e', typename: 'hash:net,port,net', family: INET, data },
      { ip, cidr: 8, port: 1, portTo: 2, proto: TCP, ip2, cidr2: 16 },
    );
    const table = 'hashsize 1024 maxelem 65536';
    const end = 'bucketsize 2 initval 0x00000007';
    const lines = [
      `create a hash:ip,mark family inet markmask 0x00ff00ff ${table} ${end}`,
      'add a 10.0.0.0,0x00340078',
      `create b hash:mac ${table} ${end}`,
      'add b 02:00:00:00:00:0A',
      `create c hash:ip,mac family inet ${table} ${end}`,
      'add c 10.0.0.0,02:00:00:00:00:0A',
      `create d hash:net,net family inet ${table} ${end} bitmask 255.255.0.0`,
      'add d 10.0.0.0/8,10.1.0.0/16',
      `create e hash:net,port,net family inet ${table} ${end}`,
      'add e 10.0.0.0/8,tcp:1,10.1.0.0/16',
      'add e 10.0.0.0/8,tcp:2,10.1.0.0/16',
    ];
    expect(saved().sort()).to.deep.equal([...lines].sort());
    compare(await list(), lines);
  });

  it('reports an extension that hash:ip,mac lacks, although the kernel sends a positive number', async () => {
    restore(['create ima hash:ip,mac']);
    const request = { setname: 'ima', data: { ip: { ipv4: '10.0.0.1' }, ether: '02:00:00:00:00:01', timeout: 5 } };
    const error = await last(client.do('add', request)).catch((one: unknown) => one as KernelError);
    expect(error).to.be.an('error').and.include({ name: 'KernelError', code: 'E+1', errno: 1 });
    expect(saved()).to.have.length(1);
  });
});
