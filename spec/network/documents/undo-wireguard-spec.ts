import { expect } from 'chai';
import { lastValueFrom, of } from 'rxjs';
import { WgpeerFlags, type GetDeviceReply, type SetDeviceRequest, type WgpeerAttributes } from '../../../lib/families/wireguard.js';
import type { Site, SiteChange } from '../../../lib/network/documents/site.js';
import {
  deviceSteps,
  readWireguardDevices,
  writtenDevices,
  type WrittenDevices,
} from '../../../lib/network/documents/restore/wireguard-devices.js';
import type { Link } from '../../../lib/network/links/link.js';

const key = (value: number): Uint8Array => new Uint8Array(32).fill(value);

const LINKS = [
  { index: 7, name: 'wg0', kind: 'wireguard' },
  { index: 8, name: 'wg1', kind: 'wireguard' },
  { index: 9, name: 'd0', kind: 'dummy' },
] as unknown as readonly Link[];

const asked: unknown[] = [];
const site = {
  clients: {
    wireguard: {
      list: (_op: string, { ifindex }: { readonly ifindex: number }) => {
        asked.push(ifindex);
        return of([{ ifindex }]);
      },
    },
  },
} as unknown as Site;

/** Returns a change of a link by its index. */
function changeOf(index: number, action: string, ...paths: readonly string[]): SiteChange {
  const before = LINKS.find((link) => link.index === index);
  const changes = new Map(paths.map((path) => [path, {}]));
  return { site, change: { table: 'links', action, before, changes } } as unknown as SiteChange;
}

const peer = (value: number, more: Partial<WgpeerAttributes> = {}): WgpeerAttributes => ({
  publicKey: key(value),
  allowedips: [{ ipaddr: `10.${value}.0.0`, cidrMask: 16 }],
  ...more,
});

const DEVICE = {
  privateKey: key(1),
  listenPort: 51_820,
  peers: [peer(2, { endpoint: '192.0.2.2:51820', presharedKey: key(5) }), peer(3)],
} as GetDeviceReply;

/** Returns the requests that take a device back. */
function requests(now: Partial<GetDeviceReply>, written: WrittenDevices = new Map([[7, true]])): readonly SetDeviceRequest[] {
  const steps = deviceSteps(site, new Map([[7, DEVICE]]), new Map([[7, { ...DEVICE, ...now }]]), written);
  return [...steps.values()].flat().map((step) => (step as unknown as { readonly request: SetDeviceRequest }).request);
}

describe('the devices of WireGuard that undoing writes', () => {
  it('are those that changes have created again, or changed in what the device has', () => {
    const written = writtenDevices(site, [
      changeOf(7, 'change', 'wireguard.listenPort', 'mtu'),
      changeOf(8, 'change', 'wireguard.peers'),
      changeOf(9, 'delete'),
    ]);
    expect([...written]).to.deep.equal([
      [7, false],
      [8, true],
    ]);
    expect([...writtenDevices(site, [changeOf(7, 'delete'), changeOf(7, 'change', 'up')])]).to.deep.equal([[7, true]]);
    expect([...writtenDevices(site, [changeOf(8, 'change', 'up')])]).to.deep.equal([[8, false]]);
    expect([...writtenDevices(site, [changeOf(8, 'change', 'mtu', 'altnames')])]).to.deep.equal([]);
    expect([...writtenDevices({ ...site }, [changeOf(7, 'delete')])]).to.deep.equal([]);
  });

  it('are the only ones whose keys are read', async () => {
    asked.length = 0;
    const devices = await lastValueFrom(readWireguardDevices(site, LINKS, (index) => index === 8));
    expect([...devices.keys()]).to.deep.equal([8]);
    expect(asked).to.deep.equal([8]);
    await lastValueFrom(readWireguardDevices(site, LINKS, () => false));
    expect(asked).to.deep.equal([8]);
  });

  it('get no request for a device that is as before, or that no change concerns', () => {
    expect(requests({})).to.deep.equal([]);
    expect(requests({ listenPort: 1, peers: [] }, new Map())).to.deep.equal([]);
  });

  it('keep the endpoints and the peers of other programs if the changes wrote no peers', () => {
    const peers = [peer(2, { endpoint: '198.51.100.7:4000', presharedKey: key(5) }), peer(3), peer(4)];
    expect(requests({ peers }, new Map([[7, false]]))).to.deep.equal([]);
    expect(requests({ peers, listenPort: 1, fwmark: 9 }, new Map([[7, false]]))).to.deep.equal([
      { ifindex: 7, listenPort: 51_820, fwmark: 0 },
    ]);
  });

  it('get the peer back that the kernel removed with a new private key', () => {
    const [settings, ...more] = requests({ privateKey: key(6), peers: [DEVICE.peers![0]!] }, new Map([[7, false]]));
    expect(settings).to.deep.equal({ ifindex: 7, privateKey: key(1) });
    expect(more).to.deep.equal([
      { ifindex: 7, peers: [{ publicKey: key(3), flags: WgpeerFlags.ReplaceAllowedips, allowedips: [{ ipaddr: '10.3.0.0/16' }] }] },
    ]);
  });

  it('get back what differs of each peer if the changes wrote peers', () => {
    const peers = [peer(2, { endpoint: '198.51.100.7:4000', allowedips: [], persistentKeepaliveInterval: 25 }), peer(3), peer(4)];
    expect(requests({ peers })).to.deep.equal([
      {
        ifindex: 7,
        peers: [
          { publicKey: key(4), flags: WgpeerFlags.RemoveMe },
          {
            publicKey: key(2),
            flags: WgpeerFlags.UpdateOnly | WgpeerFlags.ReplaceAllowedips,
            presharedKey: key(5),
            endpoint: '192.0.2.2:51820',
            persistentKeepaliveInterval: 0,
            allowedips: [{ ipaddr: '10.2.0.0/16' }],
          },
        ],
      },
    ]);
  });

  it('lose the endpoint of a peer that had none', () => {
    const [{ peers = [] } = {}] = requests({ peers: [DEVICE.peers![0]!, peer(3, { endpoint: '198.51.100.7:4000' })] });
    expect(peers.map(({ publicKey, flags }) => [publicKey?.[0], flags])).to.deep.equal([
      [3, WgpeerFlags.RemoveMe],
      [3, WgpeerFlags.ReplaceAllowedips],
    ]);
    expect(peers[1]).to.not.have.property('endpoint');
  });
});
