/** Types that only the wide kernel has. */
export const OTHER_TYPES = ['hash:ip,mark', 'hash:mac', 'hash:ip,mac', 'hash:net,net', 'hash:net,port,net'] as const;

/**
 * Returns arguments of `ipset` that make sets of every type of the running kernel, with all options, and entries with all extensions.
 *
 * @param revision - The revision of hash:ip that the kernel has: 5 has sizes of buckets, 6 has bitmasks and netmasks of ports.
 */
export function sceneOf(revision: number): readonly string[] {
  const lines = revision >= 6 ? SCENE : SCENE.filter((line) => !/^\w+ (h4b|p4m|p4b) /.test(line));
  return revision >= 5 ? lines : lines.map((line) => line.replace(/ bucketsize .*$/, ''));
}

const SCENE: readonly string[] = [
  'create b4 bitmap:ip range 10.0.0.0/24 netmask 28 timeout 500 counters comment skbinfo',
  'create bm bitmap:ip,mac range 10.0.0.0-10.0.0.20 comment',
  'create bp bitmap:port range 1-1024 counters timeout 0',
  'create h4 hash:ip family inet hashsize 128 maxelem 1000 timeout 300 counters comment skbinfo forceadd bucketsize 6 initval 0x1234',
  'create h4m hash:ip family inet netmask 24',
  'create h4b hash:ip bitmask 255.255.0.255',
  'create h6 hash:ip family inet6 netmask 64',
  'create n4 hash:net counters comment',
  'create n6 hash:net family inet6',
  'create p4 hash:ip,port',
  'create p6 hash:ip,port family inet6 timeout 100',
  'create p4m hash:ip,port netmask 24',
  'create p4b hash:ip,port bitmask 255.0.0.255',
  'create np4 hash:net,port',
  'create np6 hash:net,port family inet6',
  'create ipi4 hash:ip,port,ip',
  'create ipi6 hash:ip,port,ip family inet6',
  'create ipn4 hash:ip,port,net',
  'create ipn6 hash:ip,port,net family inet6',
  'create ni4 hash:net,iface',
  'create ni6 hash:net,iface family inet6',
  'create l list:set size 16 timeout 100 counters comment',
  'add b4 10.0.0.16 timeout 100 packets 5 bytes 600 comment "a b" skbmark 0x10/0xff skbprio 1:10 skbqueue 3',
  'add bm 10.0.0.3,02:00:00:00:00:0a comment x',
  'add bm 10.0.0.4',
  'add bp 20-22 packets 1 bytes 2',
  'add h4 192.0.2.1 comment "one" skbmark 0x1 packets 18446744073709551614 bytes 9007199254740993',
  'add h4 192.0.2.8/30',
  'add h4m 10.9.8.7',
  'add h4b 10.9.8.7',
  'add h6 2001:db8::1',
  'add n4 10.0.0.0/8 nomatch comment "no"',
  'add n4 0.0.0.0/1',
  'add n4 192.0.2.1',
  'add n6 2001:db8::/32',
  'add n6 2001:db8:1::/48 nomatch',
  'add p4 192.0.2.1,tcp:80-82',
  'add p4 192.0.2.1,icmp:echo-request',
  'add p4 192.0.2.1,47:0',
  'add p6 2001:db8::1,udp:53',
  'add p6 2001:db8::1,icmpv6:135/0',
  'add np4 10.0.0.0/8,sctp:9',
  'add np6 2001:db8::/32,udplite:9 nomatch',
  'add ipi4 10.0.0.1,tcp:80,10.0.0.2',
  'add ipi6 2001:db8::1,tcp:80,2001:db8::2',
  'add ipn4 10.0.0.1,tcp:80,10.1.0.0/16 nomatch',
  'add ipn6 2001:db8::1,tcp:80,2001:db8:1::/48',
  'add ni4 10.0.0.0/8,eth0',
  'add ni4 10.0.0.0/8,physdev:eth1 nomatch',
  'add ni4 0.0.0.0/0,eth wildcard',
  'add p4m 10.9.8.7,tcp:1',
  'add p4b 10.9.8.7,tcp:1',
  'add ni6 2001:db8::/32,lo',
  'add l h4 timeout 50 packets 3 bytes 9 comment c',
  'add l n4 before h4',
  'add l p6 after h4',
];
