import { existsSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { expect } from 'chai';
import { AttributeFlags, MessageFlags, MessageType, Protocol, hostIsLittleEndian, isLittleEndian } from '../../lib/wire/index.js';
import { requirePrograms } from '../support/programs.js';

const HEADER = '/usr/include/linux/netlink.h';

/** The constants with their names and numbers in the header. */
const NAMES: readonly (readonly [title: string, object: Readonly<Record<string, number>>, names: Readonly<Record<string, string>>])[] = [
  [
    'MessageFlags',
    MessageFlags,
    {
      Request: 'NLM_F_REQUEST 0x01',
      Multi: 'NLM_F_MULTI 0x02',
      Ack: 'NLM_F_ACK 0x04',
      Echo: 'NLM_F_ECHO 0x08',
      DumpInterrupted: 'NLM_F_DUMP_INTR 0x10',
      DumpFiltered: 'NLM_F_DUMP_FILTERED 0x20',
      Root: 'NLM_F_ROOT 0x100',
      Match: 'NLM_F_MATCH 0x200',
      Atomic: 'NLM_F_ATOMIC 0x400',
      Dump: 'NLM_F_DUMP 0x300',
      Replace: 'NLM_F_REPLACE 0x100',
      Exclusive: 'NLM_F_EXCL 0x200',
      Create: 'NLM_F_CREATE 0x400',
      Append: 'NLM_F_APPEND 0x800',
      NonRecursive: 'NLM_F_NONREC 0x100',
      Bulk: 'NLM_F_BULK 0x200',
      Capped: 'NLM_F_CAPPED 0x100',
      AckAttributes: 'NLM_F_ACK_TLVS 0x200',
    },
  ],
  [
    'MessageType',
    MessageType,
    {
      Noop: 'NLMSG_NOOP 0x1',
      Error: 'NLMSG_ERROR 0x2',
      Done: 'NLMSG_DONE 0x3',
      Overrun: 'NLMSG_OVERRUN 0x4',
      Minimum: 'NLMSG_MIN_TYPE 0x10',
    },
  ],
  [
    'AttributeFlags',
    AttributeFlags,
    { Nested: 'NLA_F_NESTED 0x8000', NetworkByteOrder: 'NLA_F_NET_BYTEORDER 0x4000', TypeMask: 'NLA_TYPE_MASK 0x3fff' },
  ],
  [
    'Protocol',
    Protocol,
    {
      Route: 'NETLINK_ROUTE 0',
      UserSock: 'NETLINK_USERSOCK 2',
      SockDiag: 'NETLINK_SOCK_DIAG 4',
      Xfrm: 'NETLINK_XFRM 6',
      SeLinux: 'NETLINK_SELINUX 7',
      Iscsi: 'NETLINK_ISCSI 8',
      Audit: 'NETLINK_AUDIT 9',
      FibLookup: 'NETLINK_FIB_LOOKUP 10',
      Connector: 'NETLINK_CONNECTOR 11',
      Netfilter: 'NETLINK_NETFILTER 12',
      Dnrtmsg: 'NETLINK_DNRTMSG 14',
      KobjectUevent: 'NETLINK_KOBJECT_UEVENT 15',
      Generic: 'NETLINK_GENERIC 16',
      ScsiTransport: 'NETLINK_SCSITRANSPORT 18',
      Ecryptfs: 'NETLINK_ECRYPTFS 19',
      Rdma: 'NETLINK_RDMA 20',
      Crypto: 'NETLINK_CRYPTO 21',
      Smc: 'NETLINK_SMC 22',
    },
  ],
];

/** Returns the plain numbers that the header defines, by name. */
function definitions(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^#define\s+(\w+)\s+(?:\(1 << (\d+)\)|(0x[0-9a-f]+|\d+))/gim);
  return new Map([...lines].map(([, name = '', bit, value]) => [name, bit === undefined ? Number(value) : 1 << Number(bit)]));
}

describe('constants', () => {
  for (const [title, object, names] of NAMES) {
    it(`${title} has the numbers of linux/netlink.h`, () => {
      const numbers = Object.entries(names).map(([name, text]) => [name, Number(text.split(' ')[1])]);
      expect(object).to.deep.equal(Object.fromEntries(numbers));
    });
  }

  it('equal those of the header on this machine', () => {
    if (!existsSync(HEADER)) requirePrograms(HEADER);
    const defined = definitions(readFileSync(HEADER, 'utf8'));
    const texts = NAMES.flatMap(([, , names]) => Object.values(names)).map((text) => text.split(' '));
    const known = texts.filter(([name = '']) => defined.has(name));
    expect(known.length).to.be.greaterThan(35);
    for (const [name = '', value] of known) expect([name, defined.get(name)]).to.deep.equal([name, Number(value)]);
  });
});

describe('byte order', () => {
  it('is the byte order of the machine', () => expect(hostIsLittleEndian).to.equal(endianness() === 'LE'));

  it('resolves to the flag that DataView expects', () => {
    const flags = [isLittleEndian('little'), isLittleEndian('big'), isLittleEndian('host'), isLittleEndian()];
    expect(flags).to.deep.equal([true, false, hostIsLittleEndian, hostIsLittleEndian]);
  });
});
