import { expect } from 'chai';
import { EncodeError, DecodeError } from '../../lib/errors/index.js';
import { decodeGenericHeader, decodeText, encodeGenericPayload, encodeText } from '../../lib/wire/index.js';
import { hex, octets } from './bytes.js';

describe('decodeText', () => {
  it('drops all NULs at the end', () => {
    expect(decodeText(octets('666f6f000000'))).to.equal('foo');
    expect(decodeText(octets('0000'))).to.equal('');
    expect(decodeText(octets(''))).to.equal('');
  });

  it('decodes a part of the bytes', () => {
    expect(decodeText(octets('ff 6c 6f 00 ff'), 1, 4)).to.equal('lo');
  });

  it('decodes UTF-8, short and long, and keeps a byte order mark', () => {
    for (const text of ['é', '\ufeffx', 'ähnlich '.repeat(10), 'a'.repeat(100)]) {
      expect(decodeText(new Uint8Array(Buffer.from(text)))).to.equal(text);
    }
  });

  it('decodes invalid UTF-8 as U+FFFD', () => {
    expect(decodeText(octets('65 74 68 ff 00'))).to.equal('eth\ufffd');
  });
});

describe('encodeText', () => {
  it('appends one NUL', () => {
    expect(hex(encodeText('nl80211'))).to.equal('6e6c383032313100');
    expect(hex(encodeText(''))).to.equal('00');
  });

  it('rejects half of a surrogate pair instead of writing another character', () => {
    expect(hex(encodeText('\u{1f600}'))).to.equal('f09f988000');
    expect(() => encodeText('a\ud83d')).to.throw(EncodeError, 'half of a surrogate pair');
  });
});

describe('generic netlink header', () => {
  it('is decoded with any reserved bytes', () => {
    expect(decodeGenericHeader(octets('03 01 ff ff 04 00 01 00'))).to.deep.equal({ command: 3, version: 1 });
  });

  it('is rejected when it is shorter than 4 bytes', () => {
    expect(() => decodeGenericHeader(octets('03 01 00'))).to.throw(DecodeError, 'expected at least 4 bytes, got 3');
  });

  it('is encoded before the attributes: CTRL_CMD_GETFAMILY of nlctrl', () => {
    const name = octets('0b 00 02 00 6e 6c 63 74 72 6c 00 00');
    expect(hex(encodeGenericPayload({ command: 3 }, name))).to.equal(`03010000${hex(name)}`);
    expect(hex(encodeGenericPayload({ command: 3, version: 2 }))).to.equal('03020000');
  });

  it('rejects a command or a version that exceeds a byte', () => {
    expect(() => encodeGenericPayload({ command: 256 })).to.throw(EncodeError, 'command 256');
    expect(() => encodeGenericPayload({ command: 1, version: -1 })).to.throw(EncodeError, 'version -1');
  });
});
