import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { ethtool } from '../../lib/families/ethtool.js';
import { mptcpPm } from '../../lib/families/mptcp_pm.js';
import { wireguard } from '../../lib/families/wireguard.js';
import { FamilyNotFoundError, KernelError } from '../../lib/index.js';
import { errorReply, fakeKernel, type FakeKernel } from '../../lib/testing/index.js';
import { AttributeEncoder, encodeGenericPayload } from '../../lib/wire/index.js';
import { CONTROLLER, controller, familyMessage, type FakeFamily } from './controller.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Creates a kernel whose generic families appear and disappear; it rejects messages of any other number with ENOENT, as the kernel does. */
function kernelWith(families: Record<string, FakeFamily>): FakeKernel {
  return fakeKernel((request) => {
    if (request.type === CONTROLLER) return controller(request, families);
    const known = Object.values(families).some(({ id }) => id === request.type);
    return known
      ? { type: request.type, payload: encodeGenericPayload({ command: request.payload[0]!, version: 1 }, new Uint8Array()) }
      : errorReply('ENOENT');
  });
}

const types = (kernel: FakeKernel) => kernel.requests.map(({ type }) => type);
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

/** Gives the event loop turns until a condition holds; a busy machine needs more of them. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries++) await turn();
}

describe('generic families', () => {
  it('are looked up by name once per socket, for all its clients', async () => {
    const kernel = kernelWith({ ethtool: { id: 31 }, mptcp_pm: { id: 32 } });
    const client = ethtool({ transport: kernel });
    await lastValueFrom(client.do('rings-get', {}));
    await lastValueFrom(client.do('rings-get', {}));
    await lastValueFrom(ethtool(client.socket).do('wol-get', {}));
    await lastValueFrom(mptcpPm(client.socket).do('get-limits', {}));
    expect(types(kernel)).to.deep.equal([CONTROLLER, 31, 31, 31, CONTROLLER, 32]);
    client.close();
  });

  it('are looked up once for several simultaneous requests', async () => {
    const kernel = kernelWith({ ethtool: { id: 31 } });
    using client = ethtool({ transport: kernel });
    await Promise.all(Array.from({ length: 3 }, () => lastValueFrom(client.do('rings-get', {}))));
    expect(types(kernel)).to.deep.equal([CONTROLLER, 31, 31, 31]);
  });

  describe('during the look-up', () => {
    const reason = new Error('enough');

    it("fail an aborted request with the signal's reason", async () => {
      using client = ethtool({ transport: fakeKernel(() => []) });
      const controller = new AbortController();
      const ended = failure(lastValueFrom(client.do('rings-get', {}, { signal: controller.signal })));
      controller.abort(reason);
      expect(await ended).to.equal(reason);
    });

    it('fail an aborted dump, and are not looked up for a dump that was aborted before', async () => {
      const kernel = fakeKernel(() => []);
      using client = ethtool({ transport: kernel });
      expect(await failure(lastValueFrom(client.list('rings-get', {}, { signal: AbortSignal.abort(reason) })))).to.equal(reason);
      expect(types(kernel)).to.deep.equal([]);
    });

    it('time out with the request, whatever other requests do', async () => {
      const kernel = fakeKernel(() => []);
      using client = ethtool({ transport: kernel });
      const patient = failure(lastValueFrom(client.do('rings-get', {})));
      const error = await failure(lastValueFrom(client.do('rings-get', {}, { timeout: 10 })));
      expect(error).to.include({ name: 'TimeoutError', code: 'ETIMEDOUT', timeout: 10 });
      client.close();
      expect(await patient).to.include({ name: 'SocketClosedError' });
    });
  });

  it('are looked up again after a reload of their module: the request is repeated with the new number', async () => {
    const families: Record<string, FakeFamily> = { ethtool: { id: 31 } };
    const kernel = kernelWith(families);
    using client = ethtool({ transport: kernel });
    await lastValueFrom(client.do('rings-get', {}));
    families['ethtool'] = { id: 47 };
    await lastValueFrom(client.do('rings-get', {}));
    expect(types(kernel)).to.deep.equal([CONTROLLER, 31, 31, CONTROLLER, 47]);
  });

  it('do not get the request again when they reply ENOENT themselves', async () => {
    const kernel = fakeKernel((request) =>
      request.type === CONTROLLER ? controller(request, { ethtool: { id: 31 } }) : errorReply('ENOENT'),
    );
    using client = ethtool({ transport: kernel });
    expect(await failure(lastValueFrom(client.do('rings-get', {})))).to.be.instanceOf(KernelError);
    expect(await failure(lastValueFrom(client.do('rings-get', {})))).to.include({ code: 'ENOENT', operation: 'rings-get' });
    expect(types(kernel)).to.deep.equal([CONTROLLER, 31, 31, CONTROLLER]);
  });

  it('cause FamilyNotFoundError with the module to load when they are missing', async () => {
    using client = wireguard({ transport: kernelWith({}) });
    const error = await failure(lastValueFrom(client.list('get-device', { ifname: 'wg0' })));
    expect(error).to.be.instanceOf(FamilyNotFoundError);
    expect((error as Error).message).to.equal(
      "ENOENT getfamily: generic netlink family 'wireguard' not found; try `modprobe wireguard` (CONFIG_WIREGUARD)",
    );
  });

  it('are looked up again after a failure when they appear', async () => {
    const families: Record<string, FakeFamily> = {};
    const kernel = kernelWith(families);
    using client = ethtool({ transport: kernel });
    expect(await failure(lastValueFrom(client.do('rings-get', {})))).to.be.instanceOf(FamilyNotFoundError);
    families['ethtool'] = { id: 31 };
    await lastValueFrom(client.do('rings-get', {}));
    expect(types(kernel)).to.deep.equal([CONTROLLER, CONTROLLER, 31]);
  });

  describe("'s notifications", () => {
    const RINGS_NTF = 17; // ETHTOOL_MSG_RINGS_NTF of uapi/linux/ethtool_netlink.h
    const rings = (type: number, rx: number) => ({
      type,
      payload: encodeGenericPayload({ command: RINGS_NTF, version: 1 }, new AttributeEncoder().uint32(6, rx).encode()),
    });

    it('follow a family to its new numbers when it was deleted and registered again', async () => {
      const families: Record<string, FakeFamily> = { ethtool: { id: 31, groups: { monitor: 60 } } };
      const kernel = kernelWith(families);
      using client = ethtool({ transport: kernel });
      const received: unknown[] = [];
      const listening = client
        .notifications('monitor')
        .subscribe(({ op, group, value }) => received.push([op, group, 'rx' in value && value.rx]));
      const memberships = (): readonly number[] => kernel.sockets[0]!.memberships();
      await until(() => memberships().includes(60));
      expect(memberships()).to.deep.equal([CONTROLLER, 60]);
      kernel.notify(60, rings(31, 1));
      await until(() => received.length === 1);

      kernel.notify(CONTROLLER, familyMessage(2, 'ethtool', families['ethtool']!));
      families['ethtool'] = { id: 47, groups: { monitor: 71 } };
      kernel.notify(CONTROLLER, familyMessage(1, 'ethtool', families['ethtool']));
      await until(() => memberships().includes(71) && !memberships().includes(60));
      expect(memberships()).to.deep.equal([CONTROLLER, 71]);
      kernel.notify(71, rings(31, 2));
      kernel.notify(71, rings(47, 3));
      await until(() => received.length === 2);
      expect(received).to.deep.equal([
        ['rings-ntf', 60, 1],
        ['rings-ntf', 71, 3],
      ]);
      listening.unsubscribe();
    });

    it('end with FamilyNotFoundError when the kernel lacks the group', async () => {
      using client = ethtool({ transport: kernelWith({ ethtool: { id: 31 } }) });
      const error = await failure(lastValueFrom(client.notifications('monitor')));
      expect(error).to.be.instanceOf(FamilyNotFoundError);
      expect((error as Error).message).to.include("no group 'monitor'");
    });
  });
});
