// The programs that specs and scripts start, each with the Debian package that installs it. `node scripts/gate/programs.mjs` prints
// the packages that the whole gate needs, one a line.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TARGETS } from '../prebuild/targets.mjs';

/** Needed by `npm test`. */
const FOR_SPECS = {
  auditd: ['auditctl'],
  chromium: ['chromium'],
  conntrack: ['conntrack'],
  'containernetworking-plugins': ['/usr/lib/cni/bridge', '/usr/lib/cni/host-local'],
  ethtool: ['ethtool'],
  // Chromium draws no text without a font.
  'fonts-dejavu-core': ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
  'g++': ['g++'],
  gcc: ['cc'],
  ipset: ['ipset'],
  'iputils-ping': ['ping'],
  iptables: ['iptables'],
  iproute2: ['ip', 'tc', 'bridge', 'ss', 'genl', 'rdma', 'vdpa'],
  'linux-libc-dev': ['/usr/include/linux/netlink.h'],
  make: ['make'],
  'nats-server': ['nats-server'],
  nfacct: ['nfacct'],
  nfct: ['nfct'],
  nftables: ['nft'],
  openssl: ['openssl'],
  promtool: ['promtool'],
  python3: ['python3'],
  strace: ['strace'],
  systemd: ['systemd-analyze'],
  tcpdump: ['tcpdump'],
  tshark: ['tshark'],
  'util-linux': ['unshare', 'nsenter', 'setpriv'],
};

/** Needed by the wide kernel in addition: a virtual machine, and the tools to compare with. */
const FOR_WIDE_KERNEL = {
  batctl: ['batctl'],
  'busybox-static': ['busybox'],
  'can-utils': ['cangw', 'cansend'],
  cpio: ['cpio'],
  'drbd-utils': ['drbdsetup'],
  e2fsprogs: ['mkfs.ext4'],
  hostapd: ['hostapd'],
  ipvsadm: ['ipvsadm'],
  iw: ['iw'],
  kmod: ['modprobe', 'depmod'],
  'libteam-utils': ['teamnl'],
  'netlabel-tools': ['netlabelctl'],
  'openvswitch-switch': ['ovs-dpctl', 'ovs-ofctl', 'ovs-vsctl'],
  procps: ['ps'],
  'qemu-system-x86': ['qemu-system-x86_64'],
  quota: ['setquota'],
  'wireguard-tools': ['wg'],
  'wpan-tools': ['iwpan'],
  wpasupplicant: ['wpa_supplicant', 'wpa_cli'],
  'xz-utils': ['xz'],
};

/** Needed by `npm run test:arm` and `npm run test:s390x`. */
const FOR_EMULATION = {
  'qemu-user-static': ['qemu-s390x-static', 'qemu-arm-static', 'qemu-aarch64-static'],
  'libc6-s390x-cross': ['/usr/s390x-linux-gnu'],
  'libstdc++6-s390x-cross': ['/usr/s390x-linux-gnu'],
  'libc6-armhf-cross': ['/usr/arm-linux-gnueabihf'],
  'libstdc++6-armhf-cross': ['/usr/arm-linux-gnueabihf'],
};

/** Needed by `npm run prebuild` to build for every architecture. */
const FOR_PREBUILDS = Object.fromEntries(
  TARGETS.filter(({ arch }) => arch !== process.arch).map(({ debianPackage, compiler }) => [debianPackage, [compiler]]),
);

const PACKAGES = { ...FOR_SPECS, ...FOR_WIDE_KERNEL, ...FOR_EMULATION, ...FOR_PREBUILDS };

/** Returns the packages that install a program. A program that is not listed may have a package of the same name. */
export function packagesOf(program) {
  const names = Object.keys(PACKAGES).filter((name) => PACKAGES[name].includes(program));
  return names.length > 0 ? names : [program];
}

/** Returns true if a program is in the PATH, or a file exists. */
export function isInstalled(name) {
  if (name.includes('/')) return existsSync(name);
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Returns the programs that `npm test` uses and that are not installed. */
export function missingForSpecs() {
  return Object.values(FOR_SPECS)
    .flat()
    .filter((name) => !isInstalled(name));
}

/** Returns the commands that install programs; `npm:name` is a package of npm. */
export function installCommand(programs) {
  const fromNpm = (name) => name.startsWith('npm:');
  const packages = programs.filter((name) => !fromNpm(name)).flatMap(packagesOf);
  const lines = [
    ['apt-get install', packages],
    ['npm install --no-save', programs.filter(fromNpm).map((name) => name.slice('npm:'.length))],
  ];
  return lines
    .filter(([, names]) => names.length > 0)
    .map(([command, names]) => `${command} ${[...new Set(names)].sort().join(' ')}`)
    .join('; ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(Object.keys(PACKAGES).join('\n'));
