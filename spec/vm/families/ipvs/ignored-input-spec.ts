import { expect } from 'chai';

import { ipvsSchema } from '../../../../lib/families/ipvs.js';
import type { UntypedFamily } from '../../../../lib/client/index.js';
import { EncodeError, FamilyClient } from '../../../../lib/index.js';
import type { FamilySchema } from '../../../../lib/schema/index.js';
import { last, modules, run } from '../../support.js';
import { unchecked } from '../../unchecked.js';

const NAMESPACE = 'vm-ipvs-input';
const INET = 2;
const WEB = { protocol: 'tcp', addr: '10.9.0.1', port: 80 } as const;
const FLAGS = { flags: 0, mask: 0xffff_ffff } as const;
const PLAIN = { schedName: 'rr', flags: FLAGS, timeout: 0, netmask: '255.255.255.255' } as const;
const SERVER = { addr: '10.9.0.2', port: 80, fwdMethod: 'masq', weight: 1, uThresh: 0, lThresh: 0 } as const;
const DAEMON = { state: 'backup', mcastIfn: 'd0', syncId: 1 } as const;

type Request = Readonly<Record<string, unknown>>;
type Client = FamilyClient<UntypedFamily>;
type Row = Readonly<Record<string, Record<string, unknown>>>;

/** A request with a value that the kernel accepts and then ignores or misreads. */
interface Case {
  readonly title: string;
  readonly op: string;
  readonly request: Request;
  /** The error of the library. */
  readonly error: RegExp;
  /** The rows after the kernel has accepted the request, and what they contain instead. */
  readonly list: 'get-service' | 'get-dest' | 'get-daemon';
  readonly made: Request | undefined;
}

const service = (more: Request): Request => ({ service: { ...WEB, ...PLAIN, ...more } });
const server = (more: Request): Request => ({ service: WEB, dest: { ...SERVER, ...more } });
const newService = { op: 'new-service', list: 'get-service' } as const;
const newDest = { op: 'new-dest', list: 'get-dest' } as const;

const CASES: readonly Case[] = [
  {
    title: 'a protocol without ports',
    ...newService,
    request: service({ protocol: 1 }),
    error: /^EENCODE \S+: \.service\.protocol: 1 is not possible here; expected tcp, udp, sctp$/,
    made: { protocol: 1 },
  },
  {
    title: 'an address beside a mark',
    ...newService,
    request: service({ fwmark: 5 }),
    error: /^EENCODE \S+: \.service\.fwmark: the kernel ignores protocol beside fwmark; omit one of them$/,
    made: { fwmark: 5, addr: undefined },
  },
  {
    title: 'the mark 0, which is none',
    ...newService,
    request: { service: { ...PLAIN, af: INET, fwmark: 0 } },
    error: /^EENCODE \S+: \.service\.fwmark: 0 is out of range: at least 1$/,
    made: { fwmark: undefined, addr: '0.0.0.0', port: 0 },
  },
  {
    title: 'an IPv6 address under AF_INET',
    ...newService,
    request: service({ af: INET, addr: '2001:db8::1' }),
    error: /^EENCODE \S+: \.service\.addr: "2001:db8::1" is an IPv6 address but af is 2 \(AF_INET\)/,
    made: undefined,
  },
  {
    title: 'the prefix length of IPv6 beside an IPv4 address',
    ...newService,
    request: service({ netmask: 24 }),
    error: /^EENCODE \S+: \.service\.netmask: 24 is a prefix length of IPv6 but \.service\.addr has set af to 2 \(AF_INET\)/,
    made: undefined,
  },
  {
    title: 'an unknown flag',
    ...newService,
    request: service({ flags: { ...FLAGS, flags: 0x40 } }),
    error: /^EENCODE \S+: \.service\.flags\.flags: 64 has bits that are not in 0x3f$/,
    made: { flags: { flags: 0x42, mask: 0xffff_ffff } },
  },
  {
    title: 'a timeout that overflows',
    ...newService,
    request: service({ timeout: 17_179_870 }),
    error: /^EENCODE \S+: \.service\.timeout: 17179870 is out of range: at most 4294967$/,
    made: { timeout: 0 },
  },
  {
    title: 'an unknown forwarding method',
    ...newDest,
    request: server({ fwdMethod: 9 }),
    error: /^EENCODE \S+: \.dest\.fwdMethod: 9 is not possible here; expected masq, localnode, tunnel, droute, bypass$/,
    made: { fwdMethod: 'localnode' },
  },
  {
    title: 'an unknown type of tunnel',
    ...newDest,
    request: server({ fwdMethod: 'tunnel', tunType: 7 }),
    error: /^EENCODE \S+: \.dest\.tunType: 7 is not possible here; expected ipip, gue, gre$/,
    made: { tunType: 7 },
  },
  {
    title: 'an unknown flag of a tunnel',
    ...newDest,
    request: server({ fwdMethod: 'tunnel', tunFlags: 8 }),
    error: /^EENCODE \S+: \.dest\.tunFlags: 8 has bits that are not in 0x3$/,
    made: { tunFlags: 8 },
  },
  {
    title: 'a number of a daemon that does not fit into its messages',
    op: 'new-daemon',
    list: 'get-daemon',
    request: { daemon: { ...DAEMON, syncId: 300 } },
    error: /^EENCODE \S+: \.daemon\.syncId: 300 is out of range: at most 255$/,
    made: { syncId: 300 },
  },
  {
    title: 'two multicast groups',
    op: 'new-daemon',
    list: 'get-daemon',
    request: { daemon: { ...DAEMON, mcastGroup: '224.0.1.1', mcastGroup6: 'ff02::5' } },
    error: /^EENCODE \S+: \.daemon\.mcastGroup: the kernel ignores mcastGroup6 beside mcastGroup; omit one of them$/,
    made: { mcastGroup: '224.0.1.1', mcastGroup6: undefined },
  },
];

describe('ipvs: input that the wide kernel ignores', () => {
  let client: Client;
  let loose: Client;

  const rows = async (list: Case['list'], request: Request = {}): Promise<readonly Record<string, unknown>[]> =>
    (await last(loose.list(list, request))).map((row) => Object.values(row as Row)[0]!);
  const rejected = async (op: string, request: Request): Promise<Error> => {
    const error: unknown = await last(client.do(op, request)).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(EncodeError);
    return error as Error;
  };

  before(() => {
    modules('ip_vs', 'ip_vs_rr', 'dummy');
    run(`ip netns add ${NAMESPACE}`);
    for (const line of ['link add d0 type dummy', 'link set d0 up', 'addr add 10.9.0.1/24 dev d0']) run(`ip -n ${NAMESPACE} ${line}`);
    const options = { netns: `/run/netns/${NAMESPACE}` };
    client = new FamilyClient<UntypedFamily>(ipvsSchema as FamilySchema, options);
    loose = new FamilyClient<UntypedFamily>(unchecked(ipvsSchema as FamilySchema, 'command'), options);
  });
  after(() => {
    client?.close();
    loose?.close();
    run(`ip netns del ${NAMESPACE}`);
  });
  afterEach(async () => {
    await last(loose.do('flush', {}));
  });

  for (const { title, op, request, error, list, made } of CASES) {
    it(`rejects ${title}`, async () => {
      if (list === 'get-dest') await last(loose.do('new-service', service({})));
      expect((await rejected(op, request)).message).to.match(error);
      expect(await rows(list, list === 'get-dest' ? { service: WEB } : {})).to.deep.equal([]);
      if (made === undefined) return;
      await last(loose.do(op, request));
      const [row] = await rows(list, list === 'get-dest' ? { service: WEB } : {});
      for (const [property, value] of Object.entries(made)) expect(row![property], property).to.deep.equal(value);
      if (list === 'get-daemon') await last(loose.do('del-daemon', { daemon: { state: DAEMON.state } }));
    });
  }

  it('rejects attributes that an operation ignores', async () => {
    await last(client.do('new-service', service({})));
    expect((await rejected('flush', { service: { ...WEB, port: 9 } })).message).to.match(
      /^EENCODE \S+: \.service: there is no such property$/,
    );
    expect(await rows('get-service')).to.have.length(1);
    await last(loose.do('flush', { service: { ...WEB, port: 9 } }));
    expect(await rows('get-service')).to.have.length(0);
  });

  it('rejects a list of servers without the service', async () => {
    const error: unknown = await last(client.list('get-dest', {})).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(EncodeError);
    expect((error as Error).message).to.equal("EENCODE get-dest: 'service' is missing");
    expect(await rows('get-dest')).to.deep.equal([]);
  });

  it('rejects a timeout of 0, which changes nothing', async () => {
    expect((await rejected('set-config', { timeoutTcp: 0 })).message).to.equal(
      'EENCODE set-config: .timeoutTcp: 0 is out of range: at least 1',
    );
    const before = await last(loose.do('get-config', {}));
    await last(loose.do('set-config', { timeoutTcp: 0 }));
    expect(await last(loose.do('get-config', {}))).to.deep.equal(before);
  });

  it('names the attribute that is missing, which the kernel does not name', async () => {
    expect((await rejected('new-service', { service: WEB })).message).to.equal("EENCODE new-service: .service: 'schedName' is missing");
    const error: unknown = await last(loose.do('new-service', { service: WEB })).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'KernelError', code: 'EINVAL' });
    expect((error as { extendedAck: { message?: string } }).extendedAck.message).to.equal(undefined);
  });
});
