import { expect } from 'chai';
import { readRequest } from '../../lib/cli/families/request-words.js';
import { readFilter } from '../../lib/cli/listings/filter-words.js';
import { bytes, duration } from '../../lib/cli/output/units.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import type { FamilySchema } from '../../lib/schema/index.js';

describe('the words of a command line', () => {
  it('are a filter', () => {
    expect(readFilter(['eth0', 'up=true', 'mtu=1500', 'master=null', 'local.port=443'], 'name')).to.deep.equal({
      name: 'eth0',
      up: true,
      mtu: 1500,
      master: null,
      local: { port: 443 },
    });
  });

  it('stay text for the property of a bare word, and beyond exact numbers', () => {
    expect(readFilter(['name=7', 'mark=12345678901234567890'], 'name')).to.deep.equal({ name: '7', mark: '12345678901234567890' });
  });

  it('set no property of all objects', () => {
    // `name` is the property of a word that is not name=value.
    expect(readFilter(['__proto__.a=1'], 'name')).to.deep.equal({ name: '__proto__.a=1' });
    expect(readFilter(['constructor.prototype.a=1'], 'name')).to.deep.equal({ constructor: { prototype: { a: 1 } } });
    expect(({} as { readonly a?: unknown }).a).to.equal(undefined);
  });

  it('are a request, in which the kind of an attribute decides', () => {
    const schema: FamilySchema = rtLinkSchema;
    const operation = schema.operations.find(({ name }) => name === 'newlink')!;
    const words = ['ifname=7', 'mtu=0x500', 'linkinfo.kind=veth', 'linkinfo.data.stpState=1', '{"group":3}', 'address=02:00:00:00:00:01'];
    expect(readRequest(words, schema, operation, 'do')).to.deep.equal({
      ifname: '7',
      mtu: 1280,
      linkinfo: { kind: 'veth', data: { stpState: 1 } },
      group: 3,
      address: '02:00:00:00:00:01',
    });
  });
});

describe('units of the command', () => {
  it('are the two largest of a duration', () => {
    expect([0, 999, 61_000, 3_600_000, 90_061_000].map(duration)).to.deep.equal(['0 ms', '999 ms', '1 min 1 s', '1 h', '1 d 1 h']);
    expect(duration(undefined)).to.equal(undefined);
  });

  it('are those of the IEC for bytes', () => {
    expect([0, 1023, 1024, 1536, 5n << 30n].map(bytes)).to.deep.equal(['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '5.0 GiB']);
  });
});
