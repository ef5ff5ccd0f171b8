import { expect } from 'chai';
import { rdmaSchema } from '../../../lib/families/generated/rdma.js';
import type { Row } from '../play.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

/** The attributes of a device, a port or an object that `rdma` prints. */
interface Properties extends Row {
  readonly devIndex?: number;
  readonly devName?: string;
  readonly portIndex?: number;
}

/** The names of rdma for the bits of the capabilities of a device; `UNKNOWN` is a bit that it does not know. */
const CAPABILITIES: Readonly<Record<number, string>> = {
  ...{ 1: 'BAD_PKEY_CNTR', 2: 'BAD_QKEY_CNTR', 4: 'AUTO_PATH_MIG', 5: 'CHANGE_PHY_PORT', 6: 'UD_AV_PORT_ENFORCE_PORT_ENFORCE' },
  ...{ 10: 'PORT_ACTIVE_EVENT', 11: 'SYS_IMAGE_GUID', 12: 'RC_RNR_NAK_GEN', 13: 'SRQ_RESIZE' },
  ...{ 17: 'MEM_WINDOW', 21: 'MEM_MGT_EXTENSIONS', 24: 'MEM_WINDOW_TYPE_2B' },
};
/** The names of rdma for the numbers of rdma/ib_verbs.h. */
const NODE_TYPES = ['', 'ca'];
const PORT_STATES = ['NOP', 'DOWN', 'INIT', 'ARMED', 'ACTIVE'];
const PHYSICAL_STATES = ['NOP', 'SLEEP', 'POLLING', 'DISABLED', 'ARMED', 'LINK_UP'];
const PAIR_TYPES = ['SMI', 'GSI', 'RC', 'UC', 'UD'];
const PAIR_STATES = ['RESET', 'INIT', 'RTR', 'RTS'];
const POLL_CONTEXTS = ['DIRECT', 'SOFTIRQ', 'WORKQUEUE'];

const nameOf = (names: readonly string[], value: unknown): string => names[Number(value)] ?? `number ${String(value)}`;
const guid = (value: unknown): string =>
  (value as bigint)
    .toString(16)
    .padStart(16, '0')
    .replaceAll(/.{4}(?=.)/g, '$&:');

function capabilities(flags: bigint): string[] {
  const bits = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => ((flags >> BigInt(bit)) & 1n) === 1n);
  return bits.map((bit) => CAPABILITIES[bit] ?? 'UNKNOWN');
}

const FIELDS: Fields<Properties> = {
  ifindex: ({ devIndex }) => devIndex,
  ifname: ({ devName }) => devName,
  port: ({ portIndex }) => portIndex,
  node_type: ({ devNodeType }) => nameOf(NODE_TYPES, devNodeType),
  protocol: ({ devProtocol }) => devProtocol,
  node_guid: ({ nodeGuid }) => guid(nodeGuid),
  sys_image_guid: ({ sysImageGuid }) => guid(sysImageGuid),
  'adaptive-moderation': ({ devDim }) => devDim === 1,
  caps: ({ capFlags }) => capabilities(capFlags as bigint),
  state: ({ portState, resState }) => (resState === undefined ? nameOf(PORT_STATES, portState) : nameOf(PAIR_STATES, resState)),
  physical_state: ({ portPhysState }) => nameOf(PHYSICAL_STATES, portPhysState),
  netdev: ({ ndevName }) => ndevName,
  netdev_index: ({ ndevIndex }) => ndevIndex,
  cqn: ({ resCqn }) => resCqn,
  cqe: ({ resCqe }) => resCqe,
  users: ({ resUsecnt }) => Number(resUsecnt),
  'poll-ctx': ({ resPollCtx }) => nameOf(POLL_CONTEXTS, resPollCtx),
  comm: ({ resKernName }) => resKernName,
  pdn: ({ resPdn }) => resPdn,
  local_dma_lkey: ({ resLocalDmaLkey }) => (resLocalDmaLkey as number).toString(16),
  lqpn: ({ resLqpn }) => resLqpn,
  type: ({ resType }) => nameOf(PAIR_TYPES, resType),
  'sq-psn': ({ resSqPsn }) => resSqPsn,
};

/** The rows of the last request, those of a list one by one, with the device that they belong to. */
function rowsOf({ answers }: Scene): Properties[] {
  const { op, rows } = answers.at(-1)!;
  if (!op.startsWith('res-')) return rows as Properties[];
  return rows.flatMap(({ devIndex, devName, ...lists }) =>
    Object.values(lists).flatMap((list) =>
      Object.values(list as Row)
        .flat()
        .map((entry) => ({ devIndex, devName, ...(entry as Row) }) as Properties),
    ),
  );
}

/** Counters, by name: of objects, or of the hardware of a port. */
function countersOf({ answers }: Scene): Shown {
  const [row] = answers.at(-1)!.rows as readonly {
    readonly devIndex: number;
    readonly devName: string;
    readonly portIndex?: number;
    readonly resSummary?: { readonly resSummaryEntry: readonly { resSummaryEntryName: string; resSummaryEntryCurr: bigint }[] };
    readonly statHwcounters?: {
      readonly statHwcounterEntry: readonly { statHwcounterEntryName: string; statHwcounterEntryValue: bigint }[];
    };
  }[];
  const { devIndex, devName, portIndex, resSummary, statHwcounters } = row!;
  const objects = resSummary?.resSummaryEntry.map((each) => [each.resSummaryEntryName, Number(each.resSummaryEntryCurr)] as const);
  const hardware = statHwcounters?.statHwcounterEntry.map(
    (each) => [each.statHwcounterEntryName, Number(each.statHwcounterEntryValue)] as const,
  );
  return {
    ...(resSummary === undefined ? { ifname: devName, port: portIndex } : { ifindex: devIndex, ifname: devName }),
    ...Object.fromEntries(objects ?? hardware ?? []),
  };
}

export const comparer: FamilyComparer = {
  schema: rdmaSchema,
  compare(scene) {
    const { shown, command, answers } = scene;
    for (const { error } of answers) expect(error).to.equal(undefined);
    if (command === 'rdma system show') {
      const { sysNetnsMode, sysPrivilegedQkeyMode, sysMonitorMode, sysCopyOnFork } = answers.at(-1)!.rows[0]!;
      const onOff = (value: unknown): string => nameOf(['off', 'on'], value);
      expect({
        netns: nameOf(['exclusive', 'shared'], sysNetnsMode),
        'privileged-qkey': onOff(sysPrivilegedQkeyMode),
        monitor: onOff(sysMonitorMode),
        'copy-on-fork': onOff(sysCopyOnFork),
      }).to.deep.equal(shown);
      return;
    }
    if (/ statistic show| resource show$/.test(command)) {
      expect([countersOf(scene)]).to.deep.equal(shown);
      return;
    }
    const rows = rowsOf(scene);
    expect(rows.length).to.equal((shown as Shown[]).length);
    (shown as Shown[]).forEach((each, at) => {
      compareFields(`row ${String(at)}`, each, rows[at]!, FIELDS);
    });
  },
};
