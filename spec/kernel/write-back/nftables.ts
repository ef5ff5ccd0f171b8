import { lastValueFrom } from 'rxjs';
import { nftables, type NftablesFamily } from '../../../lib/families/nftables.js';
import type { FamilyOperation } from '../../../lib/index.js';
import type { Namespace } from '../../support/namespace.js';
import { writable } from './exceptions.js';

const create = { create: true };

/** Copies a whole rule set in one transaction; anonymous sets keep the name that the kernel gave them. */
export async function copyRuleset(from: Namespace, to: Namespace): Promise<void> {
  using source = nftables({ netns: from.path });
  using target = nftables({ netns: to.path });
  const [tables, chains, sets, objects, flowtables, rules] = await Promise.all([
    lastValueFrom(source.list('gettable')),
    lastValueFrom(source.list('getchain')),
    lastValueFrom(source.list('getset')),
    lastValueFrom(source.list('getobj')),
    lastValueFrom(source.list('getflowtable')),
    lastValueFrom(source.list('getrule')),
  ]);
  const elements = [];
  for (const { nfgenFamily, table, name } of sets) {
    elements.push(...(await lastValueFrom(source.list('getsetelem', { nfgenFamily, table: table ?? '', set: name ?? '' }))));
  }
  const operations: FamilyOperation<NftablesFamily>[] = [
    ...tables.map((request) => ({ op: 'newtable' as const, request, options: create })),
    ...chains.map((row) => ({ op: 'newchain' as const, request: writable('new chain of nftables', row), options: create })),
    ...objects.map((request) => ({ op: 'newobj' as const, request, options: create })),
    ...flowtables.map((request) => ({ op: 'newflowtable' as const, request, options: create })),
    ...sets.map((row, at) => ({ op: 'newset' as const, request: { ...row, id: at + 1 }, options: create })),
    ...elements.map((request) => ({ op: 'newsetelem' as const, request, options: create })),
    ...rules.map((row) => ({
      op: 'newrule' as const,
      request: writable('new rule of nftables', row),
      options: { create: true, append: true },
    })),
  ];
  await lastValueFrom(target.transaction(operations), { defaultValue: undefined });
}
