import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { loadAddon } from '../../../lib/socket/native/load-addon.js';
import { runBare } from './bare-node.js';
import { needsOtherUsers, needsTun } from './needs.js';
import { useNamespace } from '../../support/namespace.js';

const [EPERM, ENOENT, EBADF, EBUSY, EINVAL] = [-1, -2, -9, -16, -22];

/** The flags of uapi/linux/if_tun.h. */
const [IFF_TUN, IFF_TAP, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_VNET_HDR, IFF_TUN_EXCL] = [1, 2, 0x100, 0x1000, 0x4000, 0x8000];

interface Shown {
  readonly ifname: string;
  readonly linkinfo?: { readonly info_kind: string; readonly info_data: Readonly<Record<string, unknown>> };
}

describe('native tun devices', () => {
  const addon = loadAddon();
  const namespace = useNamespace();
  let netns: number;
  before(function () {
    needsTun(this);
    needsOtherUsers(this);
    netns = openSync(namespace().path, 'r');
  });
  after(() => closeSync(netns));

  const infoOf = (name: string) => (JSON.parse(namespace().ip(`-j -d link show ${name}`)) as Shown[])[0]?.linkinfo?.info_data;

  it('creates persistent devices with the flags and the owner that ip shows', () => {
    const before = readdirSync('/proc/self/fd').length;
    expect(addon.createTun(netns, 't0', IFF_TUN | IFF_NO_PI, undefined, undefined)).to.equal(undefined);
    const flags = IFF_TAP | IFF_VNET_HDR | IFF_MULTI_QUEUE;
    expect(addon.createTun(netns, 'a-name-of-15-by', flags, 1234, 0xffff_fffe)).to.equal(undefined);
    expect(infoOf('t0')).to.include({ type: 'tun', pi: false, vnet_hdr: false, multi_queue: false, persist: true });
    expect(infoOf('a-name-of-15-by')).to.include({ type: 'tap', pi: true, vnet_hdr: true, multi_queue: true, persist: true });
    // `ip` shows the numbers of users that have no name.
    expect(infoOf('a-name-of-15-by')).to.include({ user: 1234, group: 4294967294 });
    expect(readdirSync('/proc/self/fd')).to.have.length(before);
    const own = readdirSync('/proc/self/task').map((thread) => readlinkSync(`/proc/self/task/${thread}/ns/net`));
    expect(new Set(own).size).to.equal(1);
  });

  it('names the step that failed, and creates nothing', () => {
    const links = namespace().ip('-j link');
    const create = (name: string, flags: number, owner?: number) => addon.createTun(netns, name, flags, owner, undefined);
    expect(create('lo', IFF_TUN | IFF_TUN_EXCL)).to.deep.equal({ step: 'create', errno: EBUSY });
    expect(create('lo', IFF_TUN)).to.deep.equal({ step: 'create', errno: EINVAL });
    expect(create('t9', 0)).to.deep.equal({ step: 'create', errno: EINVAL });
    expect(create('a-name-of-16-byt', IFF_TUN)).to.deep.equal({ step: 'create', errno: EINVAL });
    // (uid_t)-1 is not a user: the device is gone with its descriptor.
    expect(create('t9', IFF_TUN, 0xffff_ffff)).to.deep.equal({ step: 'owner', errno: EINVAL });
    expect(addon.createTun(9999, 't9', IFF_TUN, undefined, undefined)).to.deep.equal({ step: 'setns', errno: EBADF });
    expect(namespace().ip('-j link')).to.equal(links);
  });

  it('reports a missing device file and a missing capability', () => {
    const script = `print(addon.createTun(undefined, 't9', ${IFF_TUN}) ?? null);`;
    const enter = ['nsenter', `--net=${namespace().path}`, '--'];
    const hidden = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', 'mount -t tmpfs tmpfs /dev/net && exec "$@"', '-'];
    expect(runBare(script, [...enter, ...hidden])).to.deep.equal({ step: 'open', errno: ENOENT });
    const without = ['setpriv', '--bounding-set', '-net_admin', '--inh-caps', '-net_admin'];
    expect(runBare(script, [...enter, ...without])).to.deep.equal({ step: 'create', errno: EPERM });
    expect(runBare(script, enter)).to.equal(null);
    expect(infoOf('t9')).to.include({ type: 'tun', pi: true });
  });
});
