import { expect } from 'chai';
import { nfhookSchema } from '../../../lib/families/generated/nfhook.js';
import type { NfhookFamily } from '../../../lib/families/nfhook.js';
import type { FamilyComparer } from '../comparer.js';

type Hook = NfhookFamily['dump']['get']['reply'];
type Place = NfhookFamily['dump']['get']['request'];

/** NFPROTO_NETDEV, and the names of nft for the families of chains. */
const NETDEV = 5;
const FAMILIES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 5: 'netdev', 10: 'ip6' };
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const DEVICE_HOOKS = ['ingress', 'egress'];

function placeText({ nfgenFamily, hooknum = 0, dev }: Place): string {
  return nfgenFamily === NETDEV ? `${String(DEVICE_HOOKS[hooknum])} ${String(dev)}` : String(HOOKS[hooknum]);
}

/** Returns what nft prints for a function: its priority, its chain or its name, and its module. */
function functionOf({ priority, chainInfo, functionName, moduleName }: Hook): unknown[] {
  const desc = chainInfo?.desc;
  const chain =
    desc !== undefined && 'table' in desc ? `chain ${String(FAMILIES[desc.family!])} ${desc.table} ${String(desc.name)}` : undefined;
  return [priority, chain ?? functionName, moduleName ?? null];
}

export const comparer: FamilyComparer = {
  schema: nfhookSchema,
  compare({ shown, answers }) {
    const lists: Record<string, unknown[]> = {};
    for (const { request, rows } of answers) {
      const place = placeText(request);
      if (rows.length > 0) lists[place] = (rows as unknown as readonly Hook[]).map(functionOf);
      for (const { hooknum } of rows as unknown as readonly Hook[]) expect(hooknum).to.equal(request['hooknum']);
    }
    expect(lists).to.deep.equal(shown);
  },
};
