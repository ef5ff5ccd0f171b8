import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { filter, firstValueFrom, map } from 'rxjs';
import { tcmu } from '../../../../lib/families/tcmu.js';
import { vdpa, type VdpaFamily } from '../../../../lib/families/vdpa.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { requirePrograms, spawn, spawnSync } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { json, last, modules, run } from '../../support.js';

/** Offers a block device of 1024 sectors with one queue of 128 entries to VDUSE until it ends (linux/vduse.h). */
const OFFER = `
import fcntl, os, struct, time
control = os.open('/dev/vduse/control', os.O_RDWR)
fcntl.ioctl(control, 0x40088101, struct.pack('Q', 0))
config = struct.pack('Q', 1024).ljust(60, b'\\0')
features = 1 << 32 | 1 << 33
device = struct.pack('256sIIQII52xI', b'vmvduse', 0x1af4, 2, features, 1, 4096, len(config)) + config
fcntl.ioctl(control, 0x41508102, bytearray(device))
queue = os.open('/dev/vduse/vmvduse', os.O_RDWR)
fcntl.ioctl(queue, 0x40208114, struct.pack('IH26x', 0, 128))
print('ready', flush=True)
time.sleep(600)
`;

describe('vdpa on the wide kernel', function () {
  this.timeout(60_000);
  const NAME = 'vmvduse';
  let client: FamilyClient<VdpaFamily>;
  let offer: ChildProcess;

  before(async () => {
    requirePrograms('vdpa', 'python3');
    modules('vduse');
    let printed = '';
    offer = spawn('python3', ['-c', OFFER], { stdio: ['ignore', 'pipe', 'inherit'] });
    offer.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
    await until('the device', () => printed.includes('ready'), 20_000);
    client = vdpa();
  });
  after(() => {
    client?.close();
    offer?.kill();
  });

  it('lists the management devices that vdpa shows', async () => {
    const shown = json<{ mgmtdev: Record<string, { supported_classes: string[]; max_supported_vqs?: number }> }>(
      'vdpa -j mgmtdev show',
    ).mgmtdev;
    const rows = await last(client.list('mgmtdev-get'));
    expect(rows.map((row) => row.mgmtdevDevName)).to.deep.equal(Object.keys(shown));
    const [row] = rows;
    expect(row!.mgmtdevSupportedClasses! & (1n << 2n)).to.equal(1n << 2n);
    expect(shown[row!.mgmtdevDevName!]!.supported_classes).to.include('block');
    expect(await last(client.do('mgmtdev-get', { mgmtdevDevName: row!.mgmtdevDevName! }))).to.deep.equal(row);
  });

  it('creates a device, reads it as vdpa does, and deletes it', async () => {
    await last(client.do('dev-new', { mgmtdevDevName: 'vduse', devName: NAME }));
    interface Shown {
      readonly mgmtdev: string;
      readonly vendor_id: number;
      readonly max_vqs: number;
      readonly max_vq_size: number;
    }
    const shown = json<{ dev: Record<string, Shown> }>('vdpa -j dev show').dev[NAME]!;
    const row = await last(client.do('dev-get', { devName: NAME }));
    expect(row).to.deep.include({ devName: NAME, devId: 2, mgmtdevDevName: shown.mgmtdev, devVendorId: shown.vendor_id });
    expect([row.devMaxVqs, row.devMaxVqSize]).to.deep.equal([shown.max_vqs, shown.max_vq_size]);
    expect(await last(client.list('dev-get'))).to.deep.equal([row]);
    const config = await last(client.do('dev-config-get', { devName: NAME }));
    expect(config).to.deep.include({ devName: NAME, devId: 2, devBlkCfgCapacity: 1024n });
    await last(client.do('dev-del', { devName: NAME }));
    expect(run('vdpa dev show')).to.not.include(NAME);
    const error = (await last(client.do('dev-get', { devName: NAME })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENODEV dev-get: vDPA device 'vmvduse'/);
  });
});

describe('tcmu on the wide kernel', function () {
  this.timeout(60_000);
  const CORE = '/sys/kernel/config/target/core/user_77';
  const DEVICE = `${CORE}/vmdisk`;

  /** Writes a file in a process of its own: the kernel may wait for the answer to an event. */
  const write = (name: string, text: string): void => {
    expect(spawnSync('timeout', ['20', 'sh', '-c', `echo ${text} > ${DEVICE}/${name}`]).status, name).to.equal(0);
  };

  it('emits a device that configfs creates and deletes, and answers the kernel', async () => {
    modules('target_core_user');
    using client = tcmu();
    spawnSync('mount', ['-t', 'configfs', 'none', '/sys/kernel/config']);
    // A process of its own: the kernel loads modules for the folder.
    run(`timeout 30 mkdir ${CORE} ${DEVICE}`);
    try {
      const event = (name: string): Promise<{ device?: string; deviceId?: number; minor?: number }> =>
        firstValueFrom(
          client.notifications('config').pipe(
            filter(({ op }) => op === name),
            map(({ value }) => value),
          ),
        );
      const added = event('added-device');
      await until('the membership', () => client.socket.eventSibling.isOpen && client.socket.eventSibling.memberships().length === 2);
      write('control', 'dev_size=1048576,hw_block_size=512,dev_config=vm/disk');
      await last(client.do('set-features', { suppKernCmdReply: 1 }));
      const writer = spawn('sh', ['-c', `echo 1 > ${DEVICE}/enable`], { stdio: 'inherit' });
      const written = new Promise((resolve) => writer.once('exit', resolve));
      const value = await added;
      expect(value.device).to.equal('tcm-user/77/vmdisk/vm/disk');
      expect(run(`cat /sys/class/uio/uio${String(value.minor)}/name`).trim()).to.equal(value.device);
      // The kernel lets the write wait for this answer.
      expect(writer.exitCode).to.equal(null);
      await last(client.do('added-device-done', { deviceId: value.deviceId!, cmdStatus: 0 }));
      expect(await written).to.equal(0);
      await last(client.do('set-features', { suppKernCmdReply: 0 }));
      const removed = event('removed-device');
      run(`timeout 20 rmdir ${DEVICE}`);
      expect((await removed).deviceId).to.equal(value.deviceId);
    } finally {
      run(`timeout 20 rmdir ${CORE}`);
    }
  });
});
