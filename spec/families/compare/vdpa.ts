import { expect } from 'chai';
import { vdpaSchema, type VdpaAttributes } from '../../../lib/families/generated/vdpa.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

/** The names of vdpa for the numbers of linux/virtio_ids.h. */
const KINDS = ['', 'network', 'block'];
const CLASSES = ['', 'net', 'block'];
/** VIRTIO_NET_S_LINK_UP and VIRTIO_NET_S_ANNOUNCE of linux/virtio_net.h. */
const [LINK_UP, ANNOUNCE] = [1, 2];

const FIELDS: Fields<VdpaAttributes> = {
  supported_classes: ({ mgmtdevSupportedClasses }) =>
    CLASSES.filter((_, bit) => (((mgmtdevSupportedClasses ?? 0n) >> BigInt(bit)) & 1n) === 1n),
  max_supported_vqs: ({ devMgmtdevMaxVqs }) => devMgmtdevMaxVqs,
  dev_features: ({ devSupportedFeatures }, shown) => (devSupportedFeatures === 0n ? [] : shown),
  type: ({ devId }) => KINDS[devId ?? 0],
  mgmtdev: ({ mgmtdevBusName, mgmtdevDevName }) => [mgmtdevBusName, mgmtdevDevName].filter((name) => name !== undefined).join('/'),
  vendor_id: ({ devVendorId }) => devVendorId,
  max_vqs: ({ devMaxVqs }) => devMaxVqs,
  max_vq_size: ({ devMaxVqSize }) => devMaxVqSize,
  mac: ({ devNetCfgMacaddr }) => devNetCfgMacaddr,
  'link ': ({ devNetStatus = 0 }) => ((devNetStatus & LINK_UP) === 0 ? 'down' : 'up'),
  'link_announce ': ({ devNetStatus = 0 }) => (devNetStatus & ANNOUNCE) !== 0,
  mtu: ({ devNetCfgMtu }) => devNetCfgMtu,
};

/** The configuration of the disk that the scene offers; geometry and cache have no attribute. */
function diskOf(row: VdpaAttributes): object {
  return {
    ...{ capacity: Number(row.devBlkCfgCapacity), size_max: row.devBlkCfgSizeMax, seg_max: row.devBlkCfgSegMax },
    ...{ cylinders: 0, heads: 0, sectors: 0, blk_size: row.devBlkCfgBlkSize, physical_block_exp: row.devBlkCfgPhyBlkExp },
    ...{ alignment_offset: row.devBlkCfgAlignOffset, min_io_size: row.devBlkCfgMinIoSize, opt_io_size: row.devBlkCfgOptIoSize },
    ...{ wce: 0, num_queues: row.devBlkCfgNumQueues, max_discard_sectors: row.devBlkCfgMaxDiscardSec },
    ...{ max_discard_seg: row.devBlkCfgMaxDiscardSeg, discard_sector_alignment: row.devBlkCfgDiscardSecAlign },
    ...{ max_write_zeroes_sectors: row.devBlkCfgMaxWriteZeroesSec, max_write_zeroes_seg: row.devBlkCfgMaxWriteZeroesSeg },
    ...{ write_zeroes_may_unmap: 0, features: Number(row.devFeatures) },
  };
}

function compareTable({ shown, answers }: Scene): void {
  const { dev, mgmtdev, config, disk } = shown as Readonly<Record<string, Readonly<Record<string, Shown>>>>;
  const rows = (answers.at(-1)?.rows ?? []) as readonly VdpaAttributes[];
  const table = mgmtdev ?? dev ?? config!;
  const nameOf = (row: VdpaAttributes): string | undefined => (mgmtdev === undefined ? row.devName : row.mgmtdevDevName);
  expect(rows.map(nameOf)).to.deep.equal(Object.keys(table));
  for (const row of rows) compareFields(nameOf(row)!, table[nameOf(row)!]!, row, FIELDS);
  if (disk !== undefined) expect(diskOf(rows.find(({ devName }) => devName === 'disk0')!)).to.deep.equal(disk);
}

export const comparer: FamilyComparer = {
  schema: vdpaSchema,
  compare(scene) {
    for (const { error } of scene.answers) expect(error).to.equal(undefined);
    compareTable(scene);
  },
};
