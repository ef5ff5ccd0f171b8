import { expect } from 'chai';
import { withoutGone } from '../../../lib/network/documents/plan/links/gone-links.js';
import type { DocumentModels } from '../../../lib/network/documents/plan/planned-change.js';
import { LinkNames } from '../../../lib/network/names/link-names.js';

describe('withoutGone', () => {
  it('keeps rules that name a link that goes, and no filters on it', () => {
    const rule = { priority: 100, link: 'v0' };
    const objects = { links: [], rules: [rule], filters: [{ priority: 100, link: 'v0' }], routes: [{ hops: [{ link: 'v0' }] }] };
    const state = { names: new LinkNames(), vrfTables: new Map(), objects };
    const left = withoutGone({} as DocumentModels, state, new Set(['v0']));
    expect(left.objects).to.deep.equal({ links: [], rules: [rule], filters: [], routes: [] });
  });
});
