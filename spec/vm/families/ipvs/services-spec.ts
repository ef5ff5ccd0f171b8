import { expect } from 'chai';

import { ipvs, ServiceFlags, TunnelFlags, type IpvsFamily } from '../../../../lib/families/ipvs.js';
import type { FamilyClient } from '../../../../lib/index.js';
import { savedLines, shownLines, tableLines, type IpvsTable, type ServiceWithServers } from '../../../families/compare/ipvs-text.js';
import { spawnSync } from '../../../support/programs.js';
import { useTally } from '../../../support/tally.js';
import { last, modules, run } from '../../support.js';

const NAMESPACE = 'vm-ipvs';
const INET = 2;
const INET6 = 10;
const TABLES: readonly IpvsTable[] = ['plain', 'stats', 'rate', 'thresholds', 'persistent-conn'];

type ServiceInput = NonNullable<IpvsFamily['do']['new-service']['request']['service']>;
type DestInput = NonNullable<IpvsFamily['do']['new-dest']['request']['dest']>;

const WEB = { protocol: 'tcp', addr: '10.9.0.1', port: 80 } as const;
const DNS = { protocol: 'udp', addr: '10.9.0.1', port: 53 } as const;
const SIX = { protocol: 'udp', addr: '2001:db8::1', port: 53 } as const;
const MARK = { af: INET, fwmark: 7 } as const;
const PLAIN = { schedName: 'rr', flags: { flags: 0 }, timeout: 0, netmask: '255.255.255.255' } as const;
const SERVER = { fwdMethod: 'masq', weight: 1, uThresh: 0, lThresh: 0 } as const;

const inside = (line: string): string => run(`ip netns exec ${NAMESPACE} ${line}`);

describe('ipvs on the wide kernel', () => {
  const tally = useTally('ipvsadm');
  let client: FamilyClient<IpvsFamily>;

  const all = async (): Promise<ServiceWithServers[]> => {
    const services: ServiceWithServers[] = [];
    for (const { service } of await last(client.list('get-service'))) {
      const servers = await last(client.list('get-dest', { service: service! }));
      services.push({ service: service!, servers: servers.map(({ dest }) => dest!) });
    }
    return services;
  };
  /** Compares all tables of ipvsadm with the decoded services. */
  const compare = async (tables = TABLES): Promise<ServiceWithServers[]> => {
    const services = await all();
    const saved = inside('ipvsadm -Sn').trim().split('\n').sort();
    expect(savedLines(services)).to.deep.equal(saved);
    tally.add(saved.join(' ').split(' ').length);
    for (const table of tables) {
      const lines = shownLines(inside(`ipvsadm -Ln --exact${table === 'plain' ? '' : ` --${table}`}`));
      expect(tableLines(services, table), table).to.deep.equal(lines);
      tally.add(lines.join(' ').split(' ').length);
    }
    return services;
  };
  const newService = async (...services: ServiceInput[]): Promise<void> => {
    for (const service of services) await last(client.do('new-service', { service }));
  };
  const newDest = async (service: ServiceInput, ...servers: DestInput[]): Promise<void> => {
    for (const dest of servers) await last(client.do('new-dest', { service, dest }));
  };

  before(() => {
    modules('ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'ip_vs_pe_sip', 'dummy');
    run(`ip netns add ${NAMESPACE}`);
    for (const line of ['link set lo up', 'link add d0 type dummy', 'link set d0 up', 'addr add 10.9.0.1/24 dev d0'])
      run(`ip -n ${NAMESPACE} ${line}`);
    client = ipvs({ netns: `/run/netns/${NAMESPACE}` });
  });
  after(() => {
    client?.close();
    run(`ip netns del ${NAMESPACE}`);
  });
  afterEach(async () => {
    await last(client.do('flush'));
  });

  it('writes services and servers of every kind, as ipvsadm saves them', async () => {
    await newService(
      { ...WEB, ...PLAIN },
      { ...DNS, ...PLAIN, flags: { flags: ServiceFlags.Onepacket } },
      {
        ...SIX,
        schedName: 'sh',
        flags: { flags: ServiceFlags.Persistent | ServiceFlags.Sched2 },
        timeout: 300,
        netmask: 64,
      },
      { ...MARK, schedName: 'wrr', flags: { flags: ServiceFlags.Persistent }, timeout: 60, netmask: '255.255.255.0' },
      { af: INET6, fwmark: 7, schedName: 'wrr', flags: { flags: 0 }, timeout: 0, netmask: 128 },
      { ...DNS, port: 5060, ...PLAIN, peName: 'sip', flags: { flags: ServiceFlags.Persistent }, timeout: 30 },
      { protocol: 'sctp', addr: '10.9.0.1', port: 0, ...PLAIN, flags: { flags: ServiceFlags.Persistent }, timeout: 30 },
    );
    await newDest(
      WEB,
      { addr: '10.9.0.2', port: 8080, ...SERVER, weight: 3 },
      { addr: '10.9.0.3', port: 80, ...SERVER, fwdMethod: 'droute', uThresh: 10, lThresh: 5 },
      {
        ...{ addr: '10.9.0.4', port: 80, ...SERVER, fwdMethod: 'tunnel', tunType: 'gue', tunPort: 6080, tunFlags: TunnelFlags.Csum },
      },
      { addr: '10.9.0.5', port: 80, ...SERVER, fwdMethod: 'tunnel', tunType: 'gre' },
    );
    await newDest(SIX, { addr: '2001:db8::2', port: 53, ...SERVER, weight: 0 });
    await newDest(MARK, { addr: '10.9.0.9', port: 0, ...SERVER, fwdMethod: 'tunnel' });
    // A service of IPv4 may have a server of IPv6, which a tunnel reaches.
    await newDest(MARK, { addr: '2001:db8::9', port: 0, ...SERVER, fwdMethod: 'tunnel' });
    const services = await compare();
    expect(services).to.have.length(7);
    const mixed = services.find(({ service }) => service.fwmark === 7 && service.af === INET)!;
    expect(mixed.servers.map(({ addr, addrFamily }) => [addr, addrFamily])).to.have.deep.members([
      ['10.9.0.9', INET],
      ['2001:db8::9', INET6],
    ]);
    const one = await last(client.do('get-service', { service: SIX }));
    expect(one.service).to.deep.include({ af: INET6, addr: '2001:db8::1', netmask: 64, schedName: 'sh' });
  });

  it('writes rows back as the kernel sent them', async () => {
    inside('ipvsadm -A -t 10.9.0.1:80 -s sh -b sh-port -p 120 -M 255.255.0.0');
    inside('ipvsadm -a -t 10.9.0.1:80 -r 10.9.0.4:80 -i --tun-type gue --tun-port 6080 -x 9 -y 3 -w 5');
    inside('ipvsadm -A -u [2001:db8::1]:53 -s rr -p 300 -M 64');
    inside('ipvsadm -a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -m');
    const [rows, saved, limits] = [await all(), inside('ipvsadm -Sn'), inside('ipvsadm -Ln --thresholds')];
    await last(client.do('flush'));
    expect(inside('ipvsadm -Sn')).to.equal('');
    for (const { service, servers } of rows) {
      await newService(service);
      await newDest(service, ...servers);
    }
    expect(inside('ipvsadm -Sn')).to.equal(saved);
    expect(inside('ipvsadm -Ln --thresholds')).to.equal(limits);
    tally.add(saved.split(/\s/).length + limits.split(/\s/).length);
  });

  it('changes and deletes services and servers', async () => {
    await newService({ ...WEB, ...PLAIN });
    await newDest(WEB, { addr: '10.9.0.2', port: 80, ...SERVER });
    await last(client.do('set-service', { service: { ...WEB, ...PLAIN, schedName: 'wrr', flags: { flags: 1 }, timeout: 90 } }));
    await last(client.do('set-dest', { service: WEB, dest: { addr: '10.9.0.2', port: 80, ...SERVER, weight: 9, uThresh: 4 } }));
    expect(inside('ipvsadm -Sn')).to.equal('-A -t 10.9.0.1:80 -s wrr -p 90\n-a -t 10.9.0.1:80 -r 10.9.0.2:80 -m -w 9\n');
    // With a mask, the other flags stay.
    await last(client.do('set-service', { service: { ...WEB, ...PLAIN, flags: { flags: 4, mask: 4 }, timeout: 90 } }));
    expect(inside('ipvsadm -Sn')).to.include('-A -t 10.9.0.1:80 -s rr -p 90 -o\n');
    await compare();
    await last(client.do('del-dest', { service: WEB, dest: { addr: '10.9.0.2', port: 80 } }));
    expect(inside('ipvsadm -Sn')).to.equal('-A -t 10.9.0.1:80 -s rr -p 90 -o\n');
    await last(client.do('del-service', { service: WEB }));
    expect(inside('ipvsadm -Sn')).to.equal('');
  });

  it('reads counters of packets, and zeroes them', async () => {
    await newService({ ...DNS, ...PLAIN, flags: { flags: ServiceFlags.Onepacket } }, { ...WEB, ...PLAIN });
    await newDest(DNS, { addr: '10.9.0.1', port: 5353, ...SERVER });
    const sent = spawnSync('ip', ['netns', 'exec', NAMESPACE, 'bash', '-c', 'for i in 1 2 3; do echo x >/dev/udp/10.9.0.1/53; done']);
    expect(sent.status).to.equal(0);
    // Linux adds the counters of its processors, and calculates rates, every two seconds (ip_vs_est.c).
    const steady = TABLES.filter((table) => table !== 'rate');
    const counters = async () => (await last(client.do('get-service', { service: DNS }))).service!.stats64!;
    for (let tries = 0; tries < 100 && (await counters()).conns === 0n; tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    const services = await compare(steady);
    const counted = services.find(({ service }) => service.protocol === 'udp')!;
    expect(counted.service.stats64).to.include({ conns: 3n, inpkts: 3n, inbytes: 90n });
    expect(counted.service.stats).to.include({ conns: 3, inpkts: 3, inbytes: 90n });
    expect(counted.servers[0]!.stats64).to.include({ conns: 3n, inpkts: 3n, inbytes: 90n });
    await last(client.do('zero', { service: DNS }));
    const [zeroed] = (await compare(steady)).filter(({ service }) => service.protocol === 'udp');
    expect(zeroed!.service.stats64).to.include({ conns: 0n, inpkts: 0n, inbytes: 0n });
    await last(client.do('zero'));
  });

  it('belongs to one network namespace', async () => {
    await newService({ ...WEB, ...PLAIN });
    using outside = ipvs();
    expect(await last(outside.list('get-service'))).to.deep.equal([]);
    expect(run('ipvsadm -Sn')).to.equal('');
    expect(inside('ipvsadm -Sn')).not.to.equal('');
  });

  it('starts and stops the daemons, as ipvsadm shows them', async () => {
    const shown = (): string => inside('ipvsadm -ln --daemon');
    await last(
      client.do('new-daemon', {
        daemon: {
          ...{ state: 'master', mcastIfn: 'd0', syncId: 3, syncMaxlen: 1000, mcastGroup: '224.0.1.9', mcastPort: 9000, mcastTtl: 4 },
        },
      }),
    );
    await last(client.do('new-daemon', { daemon: { state: 'backup', mcastIfn: 'd0', syncId: 255, mcastGroup6: 'ff02::9' } }));
    const rows = (await last(client.list('get-daemon'))).map(({ daemon }) => daemon!);
    const lines = rows.map(
      ({ state, mcastIfn, syncId, syncMaxlen, mcastGroup, mcastGroup6, mcastPort, mcastTtl }) =>
        `${state!} sync daemon (mcast=${mcastIfn!}, syncid=${syncId!}, maxlen=${syncMaxlen!}, group=${(mcastGroup ?? mcastGroup6)!}, port=${mcastPort!}, ttl=${mcastTtl!})\n`,
    );
    expect(lines.join('')).to.equal(shown());
    expect(lines).to.have.length(2);
    tally.add(shown().split(' ').length);
    for (const state of ['master', 'backup'] as const) await last(client.do('del-daemon', { daemon: { state } }));
    expect(shown()).to.equal('');
  });

  it('reads and writes the timeouts and the version', async () => {
    const shown = (): string => inside('ipvsadm -ln --timeout');
    await last(client.do('set-config', { timeoutTcp: 800, timeoutUdp: 200 }));
    const { timeoutTcp, timeoutTcpFin, timeoutUdp } = await last(client.do('get-config'));
    expect(`Timeout (tcp tcpfin udp): ${timeoutTcp!} ${timeoutTcpFin!} ${timeoutUdp!}\n`).to.equal(shown());
    expect([timeoutTcp, timeoutTcpFin, timeoutUdp]).to.deep.equal([800, 120, 200]);
    const { version, connTabSize } = await last(client.do('get-info'));
    const numbers = [16, 8, 0].map((shift) => (version! >> shift) & 255).join('.');
    expect(inside('ipvsadm -Ln')).to.include(`IP Virtual Server version ${numbers} (size=${connTabSize!})\n`);
  });

  it('names the service or the server in errors of the kernel', async () => {
    await newService({ ...WEB, ...PLAIN });
    const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((reason: unknown) => reason);
    const errors = [
      await failure(newService({ ...WEB, ...PLAIN })),
      await failure(last(client.do('del-service', { service: SIX }))),
      await failure(newService({ ...DNS, ...PLAIN, schedName: 'none-such' })),
      await failure(newDest(WEB, { addr: '2001:db8::2', port: 80, ...SERVER })),
      await failure(newDest(WEB, { addr: '10.9.0.2', port: 80, ...SERVER, lThresh: 9 })),
    ] as (Error & { code: string })[];
    expect(errors.map(({ code }) => code)).to.deep.equal(['EEXIST', 'ESRCH', 'ENOENT', 'EINVAL', 'ERANGE']);
    expect(errors[0]!.message).to.include("service 'tcp' 10.9.0.1, port 80");
    expect(errors[3]!.message).to.include("server 2001:db8::2, port 80 of 'tcp' 10.9.0.1, port 80");
  });
});
