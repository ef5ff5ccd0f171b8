import type { CakeAttrs } from '../../../families/tc.js';
import type { Read, Written } from '../../common/written.js';
import { integer, word } from '../../fields/check.js';
import { number, plain, toggle, words, type Option } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { absentAtZero, microseconds, rate, sizeOf } from '../../traffic/traffic-options.js';

/** The flows that `cake` keeps apart, as `tc` names them. @public */
export type CakeFlows = 'flowblind' | 'srchost' | 'dsthost' | 'hosts' | 'flows' | 'dual-srchost' | 'dual-dsthost' | 'triple-isolate';

/** The classes of `cake`. @public */
export type CakeDiffserv = 'besteffort' | 'precedence' | 'diffserv3' | 'diffserv4' | 'diffserv8';

/** The options of a qdisc of kind `cake` (`TCA_CAKE_*`). @public */
export interface CakeOptions<U extends Written = Read> {
  /** The rate; absent: no limit. */
  readonly bandwidth?: U['rate'] | U['none'];
  /** The rate is measured at incoming packets. */
  readonly autorateIngress?: boolean;
  /** The classes. */
  readonly diffserv?: CakeDiffserv | number;
  /** The flows that are kept apart. */
  readonly flows?: CakeFlows | number;
  /** Flows are those behind the address translation. */
  readonly nat?: boolean;
  /** The DS field of packets is cleared. */
  readonly wash?: boolean;
  /** The qdisc shapes incoming packets. */
  readonly ingress?: boolean;
  /** TCP packets with acknowledgements only are dropped, if others follow. */
  readonly ackFilter?: 'none' | 'filter' | 'aggressive' | number;
  /** Large packets are split before they are sent. */
  readonly splitGso?: boolean;
  /** The round-trip time of the Internet. */
  readonly rtt?: U['time'];
  /**
   * The acceptable waiting time.
   * @defaultValue a twentieth of `rtt`, as in `tc`
   */
  readonly target?: U['time'];
  /** The bytes that are added to each packet, from -64 to 256; absent: the size is that of the device. */
  readonly overhead?: number | U['none'];
  /** The bytes for which a smaller packet counts; absent: none. */
  readonly mpu?: number | U['none'];
  /** The cells of the link layer. */
  readonly framing?: 'none' | 'atm' | 'ptm' | number;
  /** The memory of all packets; absent: by the rate. */
  readonly memoryLimit?: U['size'] | U['none'];
  /** The bits of the firewall mark that choose a class; absent: none. */
  readonly firewallMask?: number | U['none'];
}

const FLOWS: Readonly<Record<CakeFlows, string>> = {
  flowblind: 'none',
  srchost: 'src-ip',
  dsthost: 'dst-ip',
  hosts: 'hosts',
  flows: 'flows',
  'dual-srchost': 'dual-src',
  'dual-dsthost': 'dual-dst',
  'triple-isolate': 'triple',
};

const FLOW_NAMES = Object.keys(FLOWS) as CakeFlows[];

const flows: Option = {
  ...plain('flowMode', word(FLOW_NAMES)),
  read: (value) => FLOW_NAMES.find((name) => FLOWS[name] === value) ?? value,
  write: (value) => (typeof value === 'string' ? FLOWS[value as CakeFlows] : value),
};

/** The kind `cake`. @internal */
export const cake: TrafficKind<CakeOptions> = {
  options: {
    bandwidth: absentAtZero(rate('baseRate64', { wide: true })),
    autorateIngress: toggle('autorate'),
    diffserv: words<CakeDiffserv>('diffservMode', ['besteffort', 'precedence', 'diffserv3', 'diffserv4', 'diffserv8']),
    flows,
    nat: toggle('nat'),
    wash: toggle('wash'),
    ingress: toggle('ingress'),
    ackFilter: words('ackFilter', ['none', 'filter', 'aggressive']),
    splitGso: toggle('splitGso'),
    rtt: microseconds('rtt'),
    target: microseconds('target'),
    // A signed number that the engine has as an unsigned one.
    overhead: {
      ...plain('overhead', integer(-64, 256), { nullable: true }),
      read: (value) => (value as number) | 0,
      write: (value) => (value as number) >>> 0,
    },
    mpu: absentAtZero(number('mpu', 256)),
    framing: words('atm', ['none', 'atm', 'ptm']),
    memoryLimit: absentAtZero(sizeOf('memory')),
    firewallMask: absentAtZero(number('fwmark')),
  },
  fromData: ({ overhead, ...data }) => ((data as CakeAttrs).raw === undefined ? { ...data, overhead } : data),
  toData: ({ overhead, baseRate64, ...data }, { overhead: wanted }) => ({
    ...data,
    ...(baseRate64 !== undefined && { baseRate64: BigInt(baseRate64 as number) }),
    ...(data['rtt'] !== undefined && data['target'] === undefined && { target: Math.max(1, Math.floor((data['rtt'] as number) / 20)) }),
    // The kernel has no value for "none": an attribute of its own removes it.
    ...(wanted === null ? { raw: 0 } : overhead !== undefined && { overhead }),
  }),
};
