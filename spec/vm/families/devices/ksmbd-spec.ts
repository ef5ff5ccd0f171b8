import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { ksmbd, GlobalFlag } from '../../../../lib/families/ksmbd.js';
import { until } from '../../../support/sockets.js';
import { last, modules, run } from '../../support.js';

describe('ksmbd on the wide kernel', function () {
  this.timeout(60_000);
  const PORT = 18_445;

  it('starts the server, which sends heartbeats to the socket', async () => {
    modules('ksmbd');
    using client = ksmbd();
    const beat = firstValueFrom(client.events('heartbeat-request'));
    await last(
      client.do('starting-up', {
        startingUp: {
          ...{ flags: GlobalFlag.Smb2Leases, signing: 2, minProt: 'SMB2_10', maxProt: 'SMB3_11', netbiosName: 'VM', workGroup: 'SPECS' },
          ...{ serverString: 'specs', tcpPort: PORT, ipcTimeout: 1, fileMax: 100, maxConnections: 4, interfaces: new Uint8Array() },
        },
      }),
    );
    await until('the port', () => run('ss -Htln').includes(`:${String(PORT)} `), 20_000);
    expect(await beat).to.deep.equal({ heartbeatRequest: { handle: 0 } });
    writeFileSync('/sys/class/ksmbd-control/kill_server', 'hard');
    await until('the end of the server', () => !run('ss -Htln').includes(`:${String(PORT)} `), 20_000);
  });
});
