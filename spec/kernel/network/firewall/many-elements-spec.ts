import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { hostIsLittleEndian, Protocol } from '../../../../lib/wire/index.js';
import type { TraceEvent } from '../../../../lib/socket/session/trace.js';
import type { NetworkDocument } from '../../../../lib/network/documents/document.js';
import { network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { usePrograms } from '../../../support/programs.js';

// NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM, NFTA_SET_ELEM_LIST_ELEMENTS (uapi/linux/netfilter/nf_tables.h).
const NEW_ELEMENTS = (10 << 8) | 12;
const DELETED_ELEMENTS = (10 << 8) | 14;
const ELEMENTS = 3;

/** The sizes of struct nfgenmsg and of the header of an attribute. */
const HEADER = 4;

/** Returns the attributes of a payload by its lengths alone. */
function* attributes(bytes: Uint8Array): Generator<{ readonly type: number; readonly payload: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER <= bytes.length;) {
    const [length, type] = [view.getUint16(at, hostIsLittleEndian), view.getUint16(at + 2, hostIsLittleEndian) & 0x3fff];
    yield { type, payload: bytes.subarray(at + HEADER, at + length) };
    at += (length + 3) & ~3;
  }
}

/** Counts the elements in the requests of nftables that any socket sends meanwhile. */
async function countElements(run: () => Promise<unknown>): Promise<{ readonly added: number; readonly deleted: number }> {
  let [added, deleted] = [0, 0];
  const receive = (event: unknown): void => {
    const { message, protocol } = event as TraceEvent;
    if (protocol !== Protocol.Netfilter || message === undefined) return;
    if (message.type !== NEW_ELEMENTS && message.type !== DELETED_ELEMENTS) return;
    for (const { type, payload } of attributes(message.payload.subarray(HEADER))) {
      const count = type === ELEMENTS ? [...attributes(payload)].length : 0;
      if (message.type === NEW_ELEMENTS) added += count;
      else deleted += count;
    }
  };
  subscribe('rxnetlink:send', receive);
  try {
    await run();
  } finally {
    unsubscribe('rxnetlink:send', receive);
  }
  return { added, deleted };
}

describe('network().apply of a set with 20,000 elements', function () {
  this.timeout(60_000);
  usePrograms('nft');
  const namespace = useNamespace();

  const addresses = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, index) => `10.${(from + index) >> 8}.${(from + index) & 0xff}.1`);
  const documentOf = (elements: readonly string[]): NetworkDocument => ({
    version: 1,
    firewall: { tables: [{ family: 'inet', name: 'many', sets: [{ name: 's', type: 'ipv4_addr', elements }] }] },
  });

  it('writes only the 5 elements that differ', async () => {
    const net = network({ netns: namespace().path });
    try {
      const apply = (elements: readonly string[]) => lastValueFrom(net.apply(documentOf(elements)));
      expect(await countElements(() => apply(addresses(0, 20_000)))).to.deep.equal({ added: 20_000, deleted: 0 });
      expect(await countElements(() => apply(addresses(2, 20_003)))).to.deep.equal({ added: 3, deleted: 2 });
      expect(await countElements(() => apply(addresses(2, 20_003)))).to.deep.equal({ added: 0, deleted: 0 });
    } finally {
      net.close();
    }
    const { nftables } = JSON.parse(namespace().run('nft', '-j', 'list', 'set', 'inet', 'many', 's')) as {
      readonly nftables: readonly { readonly set?: { readonly elem: readonly string[] } }[];
    };
    const found = nftables.flatMap(({ set }) => set?.elem ?? []);
    expect(found.sort()).to.deep.equal(addresses(2, 20_003).sort());
  });
});
