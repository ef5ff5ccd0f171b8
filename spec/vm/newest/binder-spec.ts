import { expect } from 'chai';
import { firstValueFrom, timeout } from 'rxjs';
import { binder } from '../../../lib/families/binder.js';
import { nlctrl } from '../../../lib/families/nlctrl.js';
import { last } from '../support.js';
import { requirePrograms, spawnSync } from '../../support/programs.js';
import { requireFamily } from './require-family.js';

const DEVICE = 'vmbinder';
/** BR_DEAD_REPLY of linux/android/binder.h: _IO('r', 5). */
const DEAD_REPLY = 0x7205;

/** A transaction for the context manager, which does not exist: BC_TRANSACTION with code 77, flags 0x10 and 12 bytes. */
const TRANSACTION = `
import ctypes, fcntl, os, struct, sys
data = ctypes.create_string_buffer(12)
command = struct.pack('<I', 0x40406300) + struct.pack('<QQIIIIQQQQ', 0, 0, 77, 0x10, 0, 0, 12, 0, ctypes.addressof(data), 0)
write = ctypes.create_string_buffer(command, len(command))
request = bytearray(struct.pack('<QQQQQQ', len(command), 0, ctypes.addressof(write), 0, 0, 0))
fcntl.ioctl(os.open(sys.argv[1], os.O_RDWR), 0xc0306201, request)
print(os.getpid())
`;

describe('binder on a wide kernel', () => {
  before(async function () {
    requirePrograms('python3');
    await requireFamily(this, 'binder', 'binder_linux', `devices=${DEVICE}`);
  });
  after(() => spawnSync('modprobe', ['-r', 'binder_linux']));

  it('reports a transaction that failed', async () => {
    using client = binder();
    using controller = nlctrl();
    const event = firstValueFrom(client.notifications('report').pipe(timeout(30_000)));
    await last(controller.do('getfamily', { familyName: 'binder' }));
    const { status, stdout, stderr } = spawnSync('python3', ['-c', TRANSACTION, `/dev/${DEVICE}`], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    const pid = Number(stdout);
    const { op, value } = await event;
    expect(op).to.equal('report');
    expect(value).to.deep.equal({ error: DEAD_REPLY, context: DEVICE, fromPid: pid, fromTid: pid, flags: 0x10, code: 77, dataSize: 12 });
  });
});
