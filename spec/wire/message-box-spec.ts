import { expect } from 'chai';
import {
  Protocol,
  encodeMessage,
  fixedHeaderSize,
  iterateMessages,
  messageBox,
  type Message,
  type MessageBoxOptions,
} from '../../lib/wire/index.js';
import { bytes, hex } from './bytes.js';

const message = (table: string): Message => [...iterateMessages(bytes(table))][0]!;
/** Returns four bytes as a box prints them, in the byte order of this machine. */
const rowOf = (table: string): string => hex(bytes(table), ' ');
const box = (table: string, options?: MessageBoxOptions): string[] => messageBox(message(table), options).split('\n');

// NFT_MSG_NEWTABLE (NFNL_SUBSYS_NFTABLES << 8) of an ip table "nat".
const TABLE = `
  24000000
  000a 0500
  01000000
  d2040000
  02 00 00 00
  0800 0100
  6e 61 74 00
  0800 0200
  00 00 00 00`;

const HEADER = [
  '----------------\t------------------',
  '|  0000000036  |\t| message length |',
  '| 02560 | R-A- |\t|  type | flags  |',
  '|  0000000001  |\t| sequence number|',
  '|  0000001234  |\t|     port ID    |',
  '----------------\t------------------',
];
const END = ['----------------\t------------------', ''];

describe('messageBox', () => {
  it('prints header, extra header and attributes', () => {
    expect(box(TABLE, { fixedHeaderSize: 4 })).to.deep.equal([
      ...HEADER,
      '| 02 00 00 00  |\t|  extra header  |',
      '|00008|--|00001|\t|len |flags| type|',
      '| 6e 61 74 00  |\t|      data      |\t n a t  ',
      '|00008|--|00002|\t|len |flags| type|',
      '| 00 00 00 00  |\t|      data      |\t        ',
      ...END,
    ]);
  });

  it('prints the names that a describer returns', () => {
    const describe = (types: readonly number[]): { name: string } | undefined => (types.join() === '1' ? { name: 'name' } : undefined);
    const lines = box(TABLE, { fixedHeaderSize: 4, describe });
    expect(lines[7]).to.equal('|00008|--|00001|\t|len |flags| type|\tname');
    expect(lines[9]).to.equal('|00008|--|00002|\t|len |flags| type|');
  });

  it('prints nests by their flag or by the describer, and passes the path to the describer', () => {
    // IFLA_LINKINFO without the flag, IFLA_INFO_KIND, an empty IFLA_INFO_DATA with it.
    const link = `24000000 1000 0000 00 00 00 00 00 00 00 00  1400 1200  0900 0100  76 65 74 68 00 00 00 00  0400 0280`;
    const asked: string[] = [];
    const describe = (types: readonly number[]): { name: string; nested: boolean } => {
      asked.push(types.join('.'));
      return { name: 'x', nested: types.length === 1 };
    };
    expect(box(link, { fixedHeaderSize: 0, describe }).slice(6, -2)).to.deep.equal([
      '|00020|--|00018|\t|len |flags| type|\tx',
      '|00009|--|00001|\t|len |flags| type|\tx',
      '| 76 65 74 68  |\t|      data      |\t v e t h',
      '| 00 00 00 00  |\t|      data      |\t        ',
      '|00004|N-|00002|\t|len |flags| type|\tx',
    ]);
    expect(asked).to.deep.equal(['18', '18.1', '18.2']);
  });

  it('prints data when the size of the fixed header is unknown', () => {
    expect(box(TABLE)[6]).to.equal('| 02 00 00 00  |\t|      data      |\t        ');
    expect(box(TABLE)[8]).to.equal('| 6e 61 74 00  |\t|      data      |\t n a t  ');
  });

  it('prints data after a malformed attribute and in a malformed nest', () => {
    const broken = `21000000 1000 0000 00 00 00 00 00 00 00 00  0800 0180  ff ff ff ff  41 00 01 00  42 43 44 45 46`;
    expect(box(broken, { fixedHeaderSize: 0 }).slice(6, -2)).to.deep.equal([
      '|00008|N-|00001|\t|len |flags| type|',
      '| ff ff ff ff  |\t|      data      |\t        ',
      '| 41 00 01 00  |\t|      data      |\t A      ',
      '| 42 43 44 45  |\t|      data      |\t B C D E',
      '| 46 00 00 00  |\t|      data      |\t F      ',
    ]);
  });

  it('prints a kernel error: error number, echo, extended ack (captured: NETDEV_CMD_DEV_GET without its index)', () => {
    const rejection = `
      30000000 0200 0002 07000000 ef4c0000
      eaffffff
      14000000 1400 0500 07000000 00 00 00 00 01 01 00 00
      0800 0500 01000000`;
    expect(box(rejection, { describe: () => ({ name: 'of the family' }) }).slice(6, -2)).to.deep.equal([
      `| ${rowOf('eaffffff')}  |\t|  error number  |`,
      `| ${rowOf('14000000')}  |\t| echoed request |`,
      `| ${rowOf('1400 0500')}  |\t| echoed request |`,
      `| ${rowOf('07000000')}  |\t| echoed request |`,
      '| 00 00 00 00  |\t| echoed request |',
      '| 01 01 00 00  |\t| echoed request |',
      '|00008|--|00005|\t|len |flags| type|\tmissing type',
      `| ${rowOf('01000000')}  |\t|      data      |\t        `,
    ]);
  });

  it('prints the DONE of a dump', () => {
    expect(box('14000000 0300 0200 01000000 d2040000 00 00 00 00').slice(6)).to.deep.equal([
      '| 00 00 00 00  |\t|  error number  |',
      ...END,
    ]);
  });

  it('prints a message without payload', () => {
    expect(box('10000000 0100 0500 01000000 d2040000')).to.have.length(7);
  });

  it('colours lengths, flags and types when the option is set', () => {
    const line = box(TABLE, { fixedHeaderSize: 4, color: true })[7];
    expect(line).to.equal('|\u001b[1;31m00008\u001b[0m|\u001b[1;32m--\u001b[0m|\u001b[1;34m00001\u001b[0m|\t|len |flags| type|');
  });

  it('does not print control characters of a message', () => {
    const text = messageBox(
      [...iterateMessages(encodeMessage({ type: 16, payload: Uint8Array.from({ length: 256 }, (_, byte) => byte) }))][0]!,
    );
    expect(text).to.match(/^[\t\n\x20-\x7e]*$/);
  });
});

describe('fixedHeaderSize', () => {
  // sizeof() of the structs, padded to 4: a C program over linux/rtnetlink.h, if_addr.h, neighbour.h, fib_rules.h, netconf.h,
  // nexthop.h, if_bridge.h, dcbnl.h, if_link.h, if_addrlabel.h.
  const sizes: [type: number, struct: string, size: number][] = [
    [16, 'ifinfomsg', 16],
    [19, 'ifinfomsg', 16],
    [20, 'ifaddrmsg', 8],
    [26, 'rtmsg', 12],
    [28, 'ndmsg', 12],
    [32, 'fib_rule_hdr', 12],
    [36, 'tcmsg', 20],
    [44, 'tcmsg', 20],
    [64, 'ndtmsg', 4],
    [68, 'nduseroptmsg', 16],
    [72, 'ifaddrlblmsg', 12],
    [80, 'netconfmsg', 4],
    [84, 'br_port_msg', 8],
    [88, 'rtgenmsg', 4],
    [94, 'if_stats_msg', 12],
    [100, 'tcmsg', 20],
    [104, 'nhmsg', 8],
    [112, 'br_vlan_msg', 8],
    [120, 'tunnel_msg', 8],
  ];
  for (const [type, struct, size] of sizes) {
    it(`is the size of struct ${struct} for rtnetlink type ${type}`, () => {
      expect(fixedHeaderSize(Protocol.Route, type)).to.equal(size);
    });
  }

  it('is 4 for generic netlink and netfilter', () => {
    expect(fixedHeaderSize(Protocol.Generic, 16)).to.equal(4);
    expect(fixedHeaderSize(Protocol.Netfilter, 2560)).to.equal(4);
  });

  it('is undefined for control messages, other protocols and unknown types', () => {
    expect(fixedHeaderSize(Protocol.Route, 3)).to.equal(undefined);
    expect(fixedHeaderSize(Protocol.Audit, 1000)).to.equal(undefined);
    expect(fixedHeaderSize(Protocol.Route, 1000)).to.equal(undefined);
  });
});
