import type { EventObject } from './event-object.js';

/** The words of `ip` for types of routes that it prints. */
const ROUTE = /^(?:(local|broadcast|anycast|multicast|blackhole|unreachable|prohibit|throw|nat) )?(\S+)/;

/** Returns an event as `ip -o monitor all` prints it, by the parts that both sides have. */
export function eventOfIp(line: string): string {
  const [, label = '', deleted = '', rest = ''] = /^\[(\w+)\](Deleted )?(.*)$/.exec(line) ?? [];
  const verb = deleted === '' ? 'set' : 'deleted';
  switch (label) {
    case 'LINK': {
      const [, index, name, mtu] = /^(\d+): ([^:@]+).*? mtu (\d+)/.exec(rest) ?? [];
      return `link ${verb} ${String(index)} ${String(name)} mtu ${String(mtu)}`;
    }
    case 'ADDR': {
      const [, index, kind, address, peer] = /^(\d+): \S+ +inet6? (mcast |any )?(\S+)(?: peer (\S+))?/.exec(rest) ?? [];
      // The length is that of the peer; multicast groups have none.
      const length = (peer ?? address)!.split('/')[1];
      return `${kind?.trim() ?? 'address'} ${verb} ${String(index)} ${address!.split('/')[0]!}${length === undefined ? '' : `/${length}`}`;
    }
    case 'ROUTE': {
      const [, type = 'unicast', to] = ROUTE.exec(rest) ?? [];
      const [, nexthop] = / nhid (\d+)/.exec(rest) ?? [];
      return `route ${verb} ${type} ${String(to)} nhid ${nexthop ?? '-'}`;
    }
    case 'NEIGH': {
      const [, address, mac] = /^(?:(\S+) )?dev \S+ (?:lladdr (\S+) )?/.exec(rest) ?? [];
      const [, state] = / ([A-Z]+) *(?:proto \S+ *)?$/.exec(rest) ?? [];
      return `neighbour ${verb} ${address ?? '-'} ${mac ?? '-'} ${String(state).toLowerCase()}`;
    }
    case 'RULE':
      return `rule ${verb} ${rest.split(':')[0]!}`;
    case 'NEXTHOP':
      return `nexthop ${verb} ${rest.split(' ')[1]!}`;
    case 'NETCONF':
      return `netconf ${verb} ${rest.split(' ')[0]!}`;
    default:
      return line;
  }
}

/** NUD_* of linux/neighbour.h. */
const STATES: Readonly<Record<number, string>> = {
  1: 'incomplete',
  2: 'reachable',
  4: 'stale',
  8: 'delay',
  16: 'probe',
  32: 'failed',
  64: 'noarp',
  128: 'permanent',
};

/** The bits of a whole address of AF_INET and AF_INET6. */
const LENGTHS: Readonly<Record<number, number>> = { 2: 32, 10: 128 };

/** Returns an event of `rxnetlink monitor` in the same form; undefined if `ip monitor` does not print it. */
export function eventOfRoute({ topic, operation, value }: EventObject): string | undefined {
  const verb = operation.startsWith('del') ? 'deleted' : 'set';
  switch (topic) {
    case 'links':
      return `link ${verb} ${String(value['ifiIndex'])} ${String(value['ifname'])} mtu ${String(value['mtu'])}`;
    case 'addresses':
      return `address ${verb} ${String(value['ifaIndex'])} ${String(value['local'] ?? value['address'])}/${String(value['ifaPrefixlen'])}`;
    case 'memberships':
      return `${value['anycast'] === undefined ? 'mcast' : 'any'} ${verb} ${String(value['ifaIndex'])} ${String(value['multicast'] ?? value['anycast'])}`;
    case 'routes': {
      const length = Number(value['rtmDstLen']);
      const to = length === 0 ? 'default' : `${String(value['dst'])}${lengthText(length, Number(value['rtmFamily']))}`;
      return `route ${verb} ${String(value['rtmType'])} ${to} nhid ${String(value['nhId'] ?? '-')}`;
    }
    case 'neighbours':
    case 'fdb':
      return `neighbour ${verb} ${String(value['dst'] ?? '-')} ${String(value['lladdr'] ?? '-')} ${String(STATES[Number(value['ndmState'])])}`;
    case 'rules':
      return `rule ${verb} ${String(value['priority'] ?? 0)}`;
    case 'nexthops':
      return `nexthop ${verb} ${String(value['id'])}`;
    case 'netconf':
      return `netconf ${verb} ${value['ncmFamily'] === 10 ? 'inet6' : 'inet'}`;
    default:
      return undefined;
  }
}

/** `ip` omits the length of a whole address. */
function lengthText(length: number, family: number): string {
  return length === LENGTHS[family] ? '' : `/${String(length)}`;
}
