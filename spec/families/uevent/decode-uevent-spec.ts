import { expect } from 'chai';
import fc from 'fast-check';
import { decodeUevent } from '../../../lib/families/uevent.js';
import { DecodeError, hostIsLittleEndian } from '../../../lib/index.js';

const bytesOf = (...texts: readonly string[]): Uint8Array => Buffer.from(texts.map((text) => `${text}\0`).join(''), 'latin1');

/** The event of `ip link add br0 type bridge`, as the kernel sent it. */
const ADDED: readonly string[] = [
  'add@/devices/virtual/net/br0',
  'ACTION=add',
  'DEVPATH=/devices/virtual/net/br0',
  'SUBSYSTEM=net',
  'INTERFACE=br0',
  'IFINDEX=7',
  'DEVTYPE=bridge',
  'SEQNUM=1183',
];

/** Returns the texts of the event with one of them replaced; an empty text removes it. */
const withText = (index: number, text: string): string[] => ADDED.toSpliced(index, 1, ...(text === '' ? [] : [text]));

function faultOf(bytes: Uint8Array): DecodeError {
  try {
    decodeUevent(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error('the event was decoded');
}

/** A header of udev: its magic number and hashes in network byte order, the rest in that of the host. */
function udevEvent(texts: readonly string[], change: (header: DataView) => void = () => undefined): Uint8Array {
  const properties = bytesOf(...texts);
  const event = new Uint8Array(40 + properties.length);
  event.set(Buffer.from('libudev\0'));
  event.set(properties, 40);
  const header = new DataView(event.buffer);
  header.setUint32(8, 0xfeed_cafe);
  header.setUint32(12, 40, hostIsLittleEndian);
  header.setUint32(16, 40, hostIsLittleEndian);
  header.setUint32(20, properties.length, hostIsLittleEndian);
  change(header);
  return event;
}

describe('decodeUevent', () => {
  it('decodes the text of the kernel', () => {
    // 'add@/devices/virtual/net/br0', then the variables; each text ends with a NUL.
    const bytes = Buffer.from(
      '616464402f646576696365732f7669727475616c2f6e65742f62723000' +
        '414354494f4e3d61646400' +
        '444556504154483d2f646576696365732f7669727475616c2f6e65742f62723000' +
        '53554253595354454d3d6e657400' +
        '494e544552464143453d62723000' +
        '4946494e4445583d3700' +
        '444556545950453d62726964676500' +
        '5345514e554d3d3131383300',
      'hex',
    );
    const event = decodeUevent(bytes);
    expect({ ...event, environment: Object.fromEntries(event.environment) }).to.deep.equal({
      action: 'add',
      devpath: '/devices/virtual/net/br0',
      subsystem: 'net',
      seqnum: 1183n,
      environment: {
        ACTION: 'add',
        DEVPATH: '/devices/virtual/net/br0',
        SUBSYSTEM: 'net',
        INTERFACE: 'br0',
        IFINDEX: '7',
        DEVTYPE: 'bridge',
        SEQNUM: '1183',
      },
    });
  });

  it('keeps values with = and @, empty values and names that objects have', () => {
    const path = '/devices/platform/10@a/x=y';
    const { devpath, environment } = decodeUevent(
      bytesOf(`bind@${path}`, 'ACTION=bind', `DEVPATH=${path}`, 'SUBSYSTEM=of', 'SEQNUM=1', 'MODALIAS=', '__proto__=a=b@c'),
    );
    expect(devpath).to.equal(path);
    expect([...environment].slice(-2)).to.deep.equal([
      ['MODALIAS', ''],
      ['__proto__', 'a=b@c'],
    ]);
  });

  it('keeps the last value of a name that occurs twice', () => {
    expect(decodeUevent(bytesOf(...ADDED, 'IFINDEX=8')).environment.get('IFINDEX')).to.equal('8');
  });

  it('decodes a last variable without its NUL, and numbers of 64 bits', () => {
    const bytes = bytesOf(...withText(7, 'SEQNUM=18446744073709551615'));
    expect(decodeUevent(bytes.subarray(0, -1)).seqnum).to.equal(0xffff_ffff_ffff_ffffn);
  });

  it('replaces invalid UTF-8', () => {
    expect(decodeUevent(bytesOf(...withText(4, 'INTERFACE=\xff0'))).environment.get('INTERFACE')).to.equal('\ufffd0');
  });

  it('decodes the properties behind a header of udev', () => {
    const { action, seqnum, environment } = decodeUevent(udevEvent([...ADDED.slice(1), 'TAGS=:systemd:']));
    expect({ action, seqnum, tags: environment.get('TAGS') }).to.deep.equal({ action: 'add', seqnum: 1183n, tags: ':systemd:' });
  });

  const faults: readonly [string, Uint8Array, RegExp, number, string][] = [
    ['nothing', new Uint8Array(), /expected ACTION@DEVPATH that ends with a NUL, got ""/, 0, ''],
    ['text without a NUL', Buffer.from('add@/devices/x'), /ends with a NUL, got "add@\/devices\/x"/, 0, ''],
    ['a title without @', bytesOf(...withText(0, 'add')), /expected ACTION@DEVPATH, got "add"/, 0, ''],
    ['a title without an action', bytesOf(...withText(0, '@/devices/virtual/net/br0')), /expected ACTION@DEVPATH/, 0, ''],
    ['a variable without =', bytesOf(...withText(4, 'INTERFACE')), /expected NAME=value, got "INTERFACE"/, 87, ''],
    ['a variable without a name', bytesOf(...withText(4, '=br0')), /expected NAME=value, got "=br0"/, 87, ''],
    ['two NULs in a row', bytesOf(...withText(4, '\0')), /expected NAME=value, got ""/, 87, ''],
    ['a missing action', bytesOf(...withText(1, '')), /ACTION: uevent: expected ACTION=value/, 127, 'ACTION'],
    ['a missing subsystem', bytesOf(...withText(3, '')), /expected SUBSYSTEM=value/, 124, 'SUBSYSTEM'],
    ['an empty subsystem', bytesOf(...withText(3, 'SUBSYSTEM=')), /expected SUBSYSTEM=value/, 135, 'SUBSYSTEM'],
    ['a missing number', bytesOf(...withText(7, '')), /expected SEQNUM=value/, 126, 'SEQNUM'],
    ['a number with a sign', bytesOf(...withText(7, 'SEQNUM=-1')), /expected an integer of 64 bits, got "-1"/, 126, 'SEQNUM'],
    ['a number of 65 bits', bytesOf(...withText(7, 'SEQNUM=18446744073709551616')), /integer of 64 bits/, 126, 'SEQNUM'],
    ['two actions', bytesOf(...withText(1, 'ACTION=remove')), /expected "add", as the first text .* got "remove"/, 29, 'ACTION'],
    ['two paths', bytesOf(...withText(2, 'DEVPATH=/devices/x')), /expected "\/devices\/virtual\/net\/br0"/, 40, 'DEVPATH'],
    [
      'a path that is not absolute',
      bytesOf('add@x', 'ACTION=add', 'DEVPATH=x', 'SUBSYSTEM=a', 'SEQNUM=1'),
      /a path that starts with \//,
      17,
      'DEVPATH',
    ],
    ['control characters', bytesOf('add\x1b[2J'), /got "add\\u001b\[2J"/, 0, ''],
    ['a cut header of udev', udevEvent(ADDED.slice(1)).subarray(0, 20), /expected a header of udev, got 20 bytes/, 0, ''],
    ['another magic number', udevEvent([], (header) => header.setUint32(8, 0xcafe_1dea)), /magic number 0xfeedcafe, got 0xcafe1dea/, 8, ''],
    [
      'properties in the header',
      udevEvent([], (header) => header.setUint32(16, 8, hostIsLittleEndian)),
      /properties at 8 to 8 are not within/,
      16,
      '',
    ],
    [
      'properties past the end',
      udevEvent(ADDED, (header) => header.setUint32(20, 9999, hostIsLittleEndian)),
      /to 10039 are not within/,
      16,
      '',
    ],
    ['properties of 4 GiB', udevEvent(ADDED, (header) => header.setUint32(20, 0xffff_ffff, hostIsLittleEndian)), /are not within/, 16, ''],
  ];
  for (const [what, bytes, message, offset, path] of faults) {
    it(`throws a DecodeError for ${what}`, () => {
      const error = faultOf(bytes);
      expect(error.message).to.match(message);
      expect({ offset: error.offset, path: error.path }).to.deep.equal({ offset, path });
    });
  }

  it('cuts long text in errors', () => {
    expect(faultOf(bytesOf('x'.repeat(2000))).message.length).to.be.lessThan(200);
  });

  it('throws nothing but DecodeErrors for any bytes', () => {
    const text = fc.constantFrom(...ADDED, 'libudev', '=', '@', 'SEQNUM=', 'ACTION=add@');
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(text, { maxLength: 9 }).map((texts) => bytesOf(...texts)),
      fc.array(text, { maxLength: 9 }).chain((texts) =>
        fc.array(fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 255 })), { maxLength: 3 }).map((changes) => {
          const event = udevEvent(texts);
          for (const [at, byte] of changes) event[at] = byte;
          return event;
        }),
      ),
    );
    let [decoded, failed] = [0, 0];
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          decodeUevent(bytes);
          decoded++;
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
          failed++;
        }
      }),
      { examples: [[bytesOf(...ADDED)], [udevEvent(ADDED.slice(1))]] },
    );
    expect(decoded).to.be.greaterThan(0);
    expect(failed).to.be.greaterThan(0);
  });
});
