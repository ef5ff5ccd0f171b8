import { ServiceFlags, TunnelFlags, type DestAttributes, type ServiceAttributes } from '../../../lib/families/generated/ipvs.js';

/** A service and its real servers. */
export interface ServiceWithServers {
  readonly service: ServiceAttributes;
  readonly servers: readonly DestAttributes[];
}

/** The tables of `ipvsadm -Ln`, by the option that selects the columns. */
export type IpvsTable = 'plain' | 'stats' | 'rate' | 'thresholds' | 'persistent-conn';

const AF_INET6 = 10;
const ALL_CLIENTS: readonly unknown[] = ['255.255.255.255', 128];
const PROTOCOLS: Readonly<Record<string, string>> = { tcp: 't', udp: 'u', sctp: '-sctp-service' };
const METHODS: Readonly<Record<string, readonly [option: string, word: string]>> = {
  masq: ['-m', 'Masq'],
  localnode: ['-l', 'Local'],
  tunnel: ['-i', 'Tunnel'],
  droute: ['-g', 'Route'],
  bypass: ['-b', 'Unknown'],
};
/** The names of the flags of schedulers that have some. */
const SCHEDULER_FLAGS: Readonly<Record<string, readonly string[]>> = {
  sh: ['sh-fallback', 'sh-port'],
  mh: ['mh-fallback', 'mh-port'],
};

const place = (address: unknown, family: number | undefined, port: number | undefined): string =>
  `${family === AF_INET6 ? `[${String(address)}]` : String(address)}:${String(port)}`;

function schedulerFlags({ schedName, flags }: ServiceAttributes): readonly string[] {
  const names = SCHEDULER_FLAGS[schedName!] ?? ['flag-1', 'flag-2', 'flag-3'];
  return names.filter((_, bit) => (flags!.flags & (ServiceFlags.Sched1 << bit)) !== 0);
}

/** The service as an option of ipvsadm: `-t 10.0.0.1:80`. */
function option({ fwmark, af, protocol, addr, port }: ServiceAttributes): string {
  if (fwmark !== undefined) return `-f ${fwmark}${af === AF_INET6 ? ' -6' : ''}`;
  return `-${PROTOCOLS[protocol!]!} ${place(addr, af, port)}`;
}

const isPersistent = ({ flags }: ServiceAttributes): boolean => (flags!.flags & ServiceFlags.Persistent) !== 0;

/** The tunnel of a server as options of ipvsadm. */
function tunnel({ fwdMethod, tunType, tunPort, tunFlags = 0 }: DestAttributes): string {
  if (fwdMethod !== 'tunnel') return '';
  const port = tunType === 'gue' ? ` --tun-port ${String(tunPort)}` : '';
  const sum =
    (tunFlags & TunnelFlags.Csum) !== 0 ? ' --tun-csum' : (tunFlags & TunnelFlags.Remcsum) !== 0 ? ' --tun-remcsum' : ' --tun-nocsum';
  return ` --tun-type ${String(tunType)}${port}${tunType === 'ipip' ? '' : sum}`;
}

/** Returns the lines of `ipvsadm -Sn`, sorted. */
export function savedLines(services: readonly ServiceWithServers[]): string[] {
  return services
    .flatMap(({ service, servers }) => {
      const { schedName, timeout, netmask, peName, flags } = service;
      const bits = schedulerFlags(service);
      const words = [
        `-A ${option(service)} -s ${schedName!}`,
        ...(isPersistent(service) ? [`-p ${timeout!}`, ...(ALL_CLIENTS.includes(netmask) ? [] : [`-M ${netmask!}`])] : []),
        ...(peName === undefined ? [] : [`--pe ${peName}`]),
        ...((flags!.flags & ServiceFlags.Onepacket) === 0 ? [] : ['-o']),
        ...(bits.length === 0 ? [] : [`-b ${bits.join(',')}`]),
      ];
      const lines = servers.map((server) => {
        const at = place(server.addr, server.addrFamily, server.port);
        return `-a ${option(service).replace(' -6', '')} -r ${at} ${METHODS[server.fwdMethod!]![0]} -w ${server.weight!}${tunnel(server)}`;
      });
      return [words.join(' '), ...lines];
    })
    .sort();
}

function serviceWords(service: ServiceAttributes, table: IpvsTable): string {
  const { fwmark, af, protocol, addr, port, schedName, timeout, netmask, peName, flags, stats64 } = service;
  const name =
    fwmark === undefined ? `${String(protocol).toUpperCase()} ${place(addr, af, port)}` : `FWM ${fwmark}${af === AF_INET6 ? ' IPv6' : ''}`;
  const counters = counterWords(stats64, table);
  if (counters !== undefined) return `${name} ${counters}`;
  const bits = schedulerFlags(service);
  const persistent = isPersistent(service) ? ` persistent ${timeout!}${ALL_CLIENTS.includes(netmask) ? '' : ` mask ${netmask!}`}` : '';
  const pe = peName === undefined ? '' : ` pe ${peName}`;
  const ops = (flags!.flags & ServiceFlags.Onepacket) === 0 ? '' : ' ops';
  return `${name} ${schedName!}${bits.length === 0 ? '' : ` (${bits.join(',')})`}${persistent}${pe}${ops}`;
}

function counterWords(stats: ServiceAttributes['stats64'], table: IpvsTable): string | undefined {
  if (table === 'stats') return [stats!.conns, stats!.inpkts, stats!.outpkts, stats!.inbytes, stats!.outbytes].join(' ');
  if (table === 'rate') return [stats!.cps, stats!.inpps, stats!.outpps, stats!.inbps, stats!.outbps].join(' ');
  return undefined;
}

function serverWords(server: DestAttributes, table: IpvsTable): string {
  const { addr, addrFamily, port, stats64, uThresh, lThresh, activeConns, inactConns, persistConns, weight, fwdMethod } = server;
  const conns = `${activeConns!} ${inactConns!}`;
  const columns: Partial<Record<IpvsTable, string>> = {
    plain: `${METHODS[fwdMethod!]![1]} ${weight!} ${conns}`,
    thresholds: `${uThresh!} ${lThresh!} ${conns}`,
    'persistent-conn': `${weight!} ${persistConns!} ${conns}`,
  };
  return `-> ${place(addr, addrFamily, port)} ${counterWords(stats64, table) ?? columns[table]!}`;
}

/** Returns the lines of `ipvsadm -Ln`, each with the words of its service before those of a server, sorted. */
export function tableLines(services: readonly ServiceWithServers[], table: IpvsTable): string[] {
  return services
    .flatMap(({ service, servers }) => {
      const words = serviceWords(service, table);
      return [words, ...servers.map((server) => `${words} ${serverWords(server, table)}`)];
    })
    .sort();
}

/** Returns the lines of a table that ipvsadm has printed, in the same form. */
export function shownLines(text: string): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).join(' '))
    .filter((line) => line !== '' && !/^(IP Virtual|Prot |-> RemoteAddress)/.test(line));
  let service = '';
  return lines
    .map((line) => {
      if (line.startsWith('-> ')) return `${service} ${line}`;
      service = line;
      return line;
    })
    .sort();
}
