/** A machine that qemu emulates, and Debian's packages for it. */
export interface MachineType {
  /** The value of `process.arch` in it. */
  readonly arch: 'x64' | 's390x';
  /** Debian's name of the architecture. */
  readonly debian: string;
  readonly emulator: string;
  /** The package of the emulator. */
  readonly package: string;
  readonly board: readonly string[];
  /** The bus of its virtio devices. */
  readonly bus: 'pci' | 'ccw';
  /** The kernel's name of the console. */
  readonly console: string;
  /** Modules between the bare kernel and a file system. */
  readonly modules: readonly string[];
  /** Network cards, all on one wire. No spec loads their drivers except those that look at them. */
  readonly cards: readonly string[];
  /** Debian's release and packages of a file system for it; omitted if it uses the file system of this machine. */
  readonly system?: { readonly suite: string; readonly packages: readonly string[] };
}

const FILE_SYSTEMS = ['9pnet_virtio', '9p', 'overlay'];

/** Starts the programs of this machine. */
export const X64: MachineType = {
  arch: 'x64',
  debian: 'amd64',
  emulator: 'qemu-system-x86_64',
  package: 'qemu-system-x86',
  board: ['-serial', 'stdio'],
  bus: 'pci',
  console: 'ttyS0',
  // Built in since Linux 6.12.
  modules: ['virtio_pci', ...FILE_SYSTEMS],
  cards: ['igb,mac=02:00:00:00:01:00', 'virtio-net-pci,mac=02:00:00:00:01:01,rss=on,hash=on'],
};

/** Is big-endian. */
const S390X: MachineType = {
  arch: 's390x',
  debian: 's390x',
  emulator: 'qemu-system-s390x',
  package: 'qemu-system-s390x',
  board: ['-machine', 's390-ccw-virtio', '-chardev', 'stdio,id=console', '-device', 'sclpconsole,chardev=console'],
  bus: 'ccw',
  console: 'ttysclp0',
  modules: FILE_SYSTEMS,
  cards: [],
  system: {
    // The mirror keeps all packages of s390x for unstable only.
    suite: 'sid',
    packages:
      'bash busybox-static conntrack dash ethtool iproute2 kmod libatomic1 libstdc++6 nftables procps python3 tcpdump util-linux'.split(
        ' ',
      ),
  },
};

export const MACHINE_TYPES: Readonly<Record<string, MachineType>> = { x64: X64, s390x: S390X };
