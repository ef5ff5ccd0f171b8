import { expect } from 'chai';
import { isNetworkError } from '../../../lib/network/common/network-error.js';
import { parseDocument } from '../../../lib/network/documents/parse/parse-document.js';

/** Trees that are not valid, with the path and a part of the text of the error. */
const WRONG: readonly (readonly [link: object, path: string, text: RegExp])[] = [
  [{ qdisc: { kind: 'htb', classes: [] } }, 'qdisc.handle', /required beside classes/],
  [{ qdisc: { kind: 'htb', handle: '1:', parent: 'root' } }, 'qdisc.parent', /follows from the place/],
  [{ qdisc: { kind: 'clsact' } }, 'qdisc.kind', /is the property clsact/],
  [{ qdisc: { kind: 'tbf', tbf: { rate: '1mbit', burst: '10kib' } } }, 'qdisc.tbf.latency', /required/],
  [{ qdisc: { kind: 'pfifo', pfifo: { limt: 5 } } }, 'qdisc.pfifo.limt', /did you mean limit/],
  [
    { qdisc: { kind: 'htb', handle: '1:', classes: [{ handle: '2:10', kind: 'htb', htb: { rate: '1mbit' } }] } },
    'qdisc.classes[0].handle',
    /expected a class of the qdisc '1:'/,
  ],
  [{ qdisc: { kind: 'htb', handle: '1:', classes: [{ handle: '1:10', kind: 'htb' }] } }, 'qdisc.classes[0].htb.rate', /required/],
  [
    { qdisc: { kind: 'prio', handle: '1:', classes: [{ handle: '1:1', kind: 'htb', htb: { rate: '1mbit' } }] } },
    'qdisc.classes[0].kind',
    /expected 'prio'/,
  ],
  [
    {
      qdisc: {
        kind: 'htb',
        handle: '1:',
        classes: [
          { handle: '1:10', kind: 'htb', htb: { rate: '1mbit' } },
          { handle: '1:10', kind: 'htb', htb: { rate: '1mbit' } },
        ],
      },
    },
    'qdisc.classes[1].handle',
    /another class/,
  ],
  [
    {
      qdisc: {
        kind: 'htb',
        handle: '1:',
        classes: [{ handle: '1:10', kind: 'htb', htb: { rate: '1mbit' }, qdisc: { kind: 'pfifo', handle: '1:' } }],
      },
    },
    'qdisc.classes[0].qdisc.handle',
    /too/,
  ],
  [{ qdisc: { kind: 'htb', handle: '1:', filters: [{ priority: 1, kind: 'u32', to: '1:40' }] } }, 'qdisc.filters[0].to', /no class '1:40'/],
  [{ clsact: { kind: 'ingress', egress: [] } }, 'clsact.egress', /no egress side/],
  [{ clsact: { ingress: [{ kind: 'u32' }] } }, 'clsact.ingress[0].priority', /required/],
];

describe('parseDocument of traffic control', () => {
  for (const [link, path, text] of WRONG)
    it(`names ${path} in ${JSON.stringify(link)}`, () => {
      try {
        parseDocument({ version: 1, links: [{ name: 'v0', ...link }] });
      } catch (error) {
        if (!isNetworkError(error)) throw error;
        expect(error.path).to.equal(`links[0].${path}`);
        expect(error.message).to.match(text);
        return;
      }
      expect.fail('the document was accepted');
    });

  it('accepts null, which means none', () => {
    const document = { version: 1, links: [{ name: 'v0', qdisc: null, clsact: null }] };
    expect(parseDocument(document)).to.deep.equal(document);
  });
});
