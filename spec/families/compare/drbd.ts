import { expect } from 'chai';
import { drbdSchema } from '../../../lib/families/generated/drbd.js';
import type { Row } from '../play.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

/** The names of drbdsetup for the numbers of linux/drbd.h: states of connections, disks and roles, and policies. */
const ROLES = ['Unknown', 'Primary', 'Secondary'];
const CONNECTIONS = ['StandAlone', '', '', '', '', '', '', '', 'Connecting', 'Connected', 'Connected'];
const DISKS = ['Diskless', 'Attaching', 'Failed', 'Negotiating', 'Inconsistent', 'Outdated', 'DUnknown', 'Consistent', 'UpToDate'];
const ORDERINGS = ['none', 'drain', 'flush', 'barrier'];
const WIRE_PROTOCOLS = ['', 'A', 'B', 'C'];
const NO_DATA = ['io-error', 'suspend-io'];
/** The state of a connection from which on devices are replicated (C_CONNECTED). */
const CONNECTED = 10;
/** The index of meta data behind the data of the same device. */
const INTERNAL = -3;
const [NO, YES] = ['no', 'yes'];
/** The address family of `struct sockaddr_in`. */
const INET = 2;

const nested = (row: Row, name: string): Row => row[name] as Row;
const yesNo = (...values: unknown[]): string => (values.every((value) => value === 0) ? NO : YES);
const half = (sectors: unknown): string => String((sectors as bigint) / 2n);

/** Returns the text of a `struct sockaddr_in`. */
function address(bytes: unknown): string {
  const view = Buffer.from(bytes as Uint8Array);
  expect(view.readUInt16LE(0)).to.equal(INET);
  return `ipv4 ${view.subarray(4, 8).join('.')}:${String(view.readUInt16BE(2))}`;
}

const context: Fields<Row> = {
  name: (row) => nested(row, 'cfgContext')['ctxResourceName'],
  volume: (row) => String(nested(row, 'cfgContext')['ctxVolume']),
  // The tool makes up both for a kernel of version 8.
  'peer-node-id': () => '0',
  'conn-name': () => 'peer',
};

const KINDS: Readonly<Record<string, { readonly op: string; readonly fields: Fields<Row> }>> = {
  resource: {
    op: 'adm-get-resources',
    fields: {
      role: (row) => ROLES[nested(row, 'resourceInfo')['resRole'] as number],
      suspended: (row) => {
        const { resSusp, resSuspNod, resSuspFen } = nested(row, 'resourceInfo');
        return yesNo(resSusp, resSuspNod, resSuspFen);
      },
      'write-ordering': (row) => ORDERINGS[nested(row, 'resourceStatistics')['resStatWriteOrdering'] as number],
    },
  },
  device: {
    op: 'adm-get-devices',
    fields: {
      minor: ({ minor }) => String(minor),
      disk: (row) => DISKS[nested(row, 'deviceInfo')['devDiskState'] as number],
      size: (row) => half(nested(row, 'deviceStatistics')['devSize']),
      read: (row) => half(nested(row, 'deviceStatistics')['devRead']),
      written: (row) => half(nested(row, 'deviceStatistics')['devWrite']),
      'al-writes': (row) => String(nested(row, 'deviceStatistics')['devAlWrites']),
      'bm-writes': (row) => String(nested(row, 'deviceStatistics')['devBmWrites']),
      'upper-pending': (row) => String(nested(row, 'deviceStatistics')['devUpperPending']),
      'lower-pending': (row) => String(nested(row, 'deviceStatistics')['devLowerPending']),
      'al-suspended': (row) => yesNo(nested(row, 'deviceStatistics')['devAlSuspended']),
      blocked: (row) => {
        const { devUpperBlocked, devLowerBlocked } = nested(row, 'deviceStatistics');
        return yesNo(devUpperBlocked, devLowerBlocked);
      },
    },
  },
  connection: {
    op: 'adm-get-connections',
    fields: {
      connection: (row) => CONNECTIONS[nested(row, 'connectionInfo')['connConnectionState'] as number],
      role: (row) => ROLES[nested(row, 'connectionInfo')['connRole'] as number],
      congested: (row) => yesNo(nested(row, 'connectionStatistics')['connCongested']),
    },
  },
  'peer-device': {
    op: 'adm-get-peer-devices',
    fields: {
      replication: (row, shown) => ((nested(row, 'peerDeviceInfo')['peerReplState'] as number) < CONNECTED ? 'Off' : shown),
      'peer-disk': (row) => DISKS[nested(row, 'peerDeviceInfo')['peerDiskState'] as number],
      'resync-suspended': (row) => {
        const { peerResyncSuspUser, peerResyncSuspPeer, peerResyncSuspDependency } = nested(row, 'peerDeviceInfo');
        return yesNo(peerResyncSuspUser, peerResyncSuspPeer, peerResyncSuspDependency);
      },
      received: (row) => half(nested(row, 'peerDeviceStatistics')['peerDevReceived']),
      sent: (row) => half(nested(row, 'peerDeviceStatistics')['peerDevSent']),
      'out-of-sync': (row) => half(nested(row, 'peerDeviceStatistics')['peerDevOutOfSync']),
      pending: (row) => String(nested(row, 'peerDeviceStatistics')['peerDevPending']),
      unacked: (row) => String(nested(row, 'peerDeviceStatistics')['peerDevUnacked']),
    },
  },
  '-': { op: '', fields: {} },
};

/** `drbdsetup show`: settings, except those that have their default. */
const SETTINGS: Fields<Row> = {
  'options/cpu-mask': (row) => nested(row, 'resOpts')['cpuMask'],
  'options/on-no-data-accessible': (row) => NO_DATA[nested(row, 'resOpts')['onNoData'] as number],
  'net/protocol': (row) => WIRE_PROTOCOLS[nested(row, 'netConf')['wireProtocol'] as number],
  'net/timeout': (row) => String(nested(row, 'netConf')['timeout']),
  'net/max-buffers': (row) => String(nested(row, 'netConf')['maxBuffers']),
  '_remote_host/address': (row) => address(nested(row, 'cfgContext')['ctxPeerAddr']),
  '_this_host/address': (row) => address(nested(row, 'cfgContext')['ctxMyAddr']),
  '_this_host/volume 0/device': ({ minor }) => `minor ${String(minor)}`,
  '_this_host/volume 0/disk': (row) => nested(row, 'diskConf')['backingDev'],
  '_this_host/volume 0/meta-disk': (row) => (nested(row, 'diskConf')['metaDevIdx'] === INTERNAL ? 'internal' : undefined),
  '_this_host/volume 0/disk/al-extents': (row) => String(nested(row, 'diskConf')['alExtents']),
};

/** Compares the state of each object, which the tool has read by a dump of its kind, or from events. */
function compareStates({ shown, answers, events }: Scene): void {
  const rows = shown as readonly (readonly [kind: string, properties: Shown])[];
  if (events.length > 0) expect(events.length).to.equal(rows.length);
  rows.forEach(([kind, properties], at) => {
    const { op, fields } = KINDS[kind]!;
    const row = events.length > 0 ? (events[at] as Row) : answers.find((answer) => answer.op === op)!.rows[0]!;
    compareFields(`${kind} ${String(at)}`, properties, row, { ...context, ...fields });
  });
}

export const comparer: FamilyComparer = {
  schema: drbdSchema,
  compare(scene) {
    for (const { error } of scene.answers) expect(error).to.equal(undefined);
    if (scene.command === 'drbdsetup show') compareFields('settings', scene.shown as Shown, scene.answers[0]!.rows[0]!, SETTINGS);
    else compareStates(scene);
  },
};
