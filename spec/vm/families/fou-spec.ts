import { expect } from 'chai';

import { fou, type AddRequest, type GetReply } from '../../../lib/families/fou.js';
import { json, last, modules, run } from '../support.js';

interface Shown {
  readonly family: string;
  readonly port: number;
  readonly ipproto?: number;
  readonly gue?: boolean | null;
  readonly local?: string;
  readonly peer?: string;
  readonly peer_port?: number;
  readonly dev?: string;
}

/** Returns an encapsulation as ip prints it. */
function row({ af, port, ipproto, type, localV4, localV6, peerV4, peerV6, peerPort, ifindex }: GetReply): Shown {
  const local = localV4 ?? localV6;
  const peer = peerV4 ?? peerV6;
  return {
    family: af === 10 ? 'inet6' : 'inet',
    port: port!,
    ...(type === 'gue' ? { gue: null } : { ipproto: ipproto! }),
    ...(local === undefined || local === '0.0.0.0' || local === '::' ? {} : { local }),
    ...(peer === undefined || peer === '0.0.0.0' || peer === '::' ? {} : { peer }),
    ...(peerPort === undefined || peerPort === 0 ? {} : { peer_port: peerPort }),
    ...(ifindex === undefined || ifindex === 0 ? {} : { dev: 'lo' }),
  };
}

const CASES: Readonly<Record<string, { readonly request: AddRequest; readonly shows: Shown }>> = {
  'IP in UDP': { request: { port: 5555, ipproto: 4, type: 'direct', af: 2 }, shows: { family: 'inet', port: 5555, ipproto: 4 } },
  'generic encapsulation': { request: { port: 5556, type: 'gue', af: 2 }, shows: { family: 'inet', port: 5556, gue: null } },
  'an encapsulation between two IPv4 addresses on a device': {
    request: { port: 5557, ipproto: 47, type: 'direct', af: 2, localV4: '127.0.0.5', peerV4: '127.1.2.3', peerPort: 6000, ifindex: 1 },
    shows: { family: 'inet', port: 5557, ipproto: 47, local: '127.0.0.5', peer: '127.1.2.3', peer_port: 6000, dev: 'lo' },
  },
  'an encapsulation between IPv6 addresses': {
    request: { port: 5558, ipproto: 41, type: 'direct', af: 10, localV6: '::1', peerV6: '::1', peerPort: 6001 },
    shows: { family: 'inet6', port: 5558, ipproto: 41, local: '::1', peer: '::1', peer_port: 6001 },
  },
};

describe('fou on the wide kernel', () => {
  before(() => {
    modules('fou');
    try {
      modules('fou6');
    } catch {
      // The kernel may not have the IPv6 module; then the last case fails.
    }
  });

  for (const [name, { request, shows }] of Object.entries(CASES)) {
    it(`creates ${name} as ip shows it, reads it and deletes it`, async () => {
      using client = fou();
      await last(client.do('add', request));
      const shown = json<Shown[]>('ip -j fou show');
      expect(shown).to.have.length(1);
      expect(await last(client.list('get'))).to.have.length(1);
      expect(row((await last(client.list('get')))[0]!)).to.deep.equal(shows);
      expect(shown[0]).to.deep.equal(shows);
      const { ipproto: _protocol, type: _type, ...selector } = request;
      expect(row(await last(client.do('get', selector)))).to.deep.equal(shows);
      await last(client.do('del', selector));
      expect(json<Shown[]>('ip -j fou show')).to.deep.equal([]);
    });
  }

  it('reads an encapsulation that ip created', async () => {
    run('ip fou add port 7777 ipproto 50 local 127.0.0.9 peer 127.0.0.8 peer_port 99 dev lo');
    using client = fou();
    const [found] = await last(client.list('get'));
    expect(found).to.include({
      port: 7777,
      ipproto: 50,
      type: 'direct',
      localV4: '127.0.0.9',
      peerV4: '127.0.0.8',
      peerPort: 99,
      ifindex: 1,
    });
    run('ip fou del port 7777 local 127.0.0.9 peer 127.0.0.8 peer_port 99 dev lo');
  });
});
