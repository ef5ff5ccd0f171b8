import { lastValueFrom } from 'rxjs';
import { nftables } from '../../../../lib/families/nftables.js';
import type { Firewall, FirewallTable } from '../../../../lib/network/firewall/firewall.js';
import { commitFirewall } from '../../../../lib/network/firewall/plan/commit-firewall.js';
import { planFirewall } from '../../../../lib/network/firewall/plan/plan-firewall.js';
import { describeFirewall } from '../../../../lib/network/firewall/state/describe-firewall.js';
import { readFirewall, type NftablesClient } from '../../../../lib/network/firewall/state/firewall-state.js';
import { run, skipBecause, useNamespace, type Namespace } from '../../../support/namespace.js';
import { usePrograms } from '../../../support/programs.js';

/** The firewall of a namespace: what `nft` loads and prints, and what documents make of it. */
export interface FirewallBench {
  readonly namespace: Namespace;
  readonly client: NftablesClient;
  /** Loads a rule set of `nft`. */
  load(text: string): void;
  /** Skips a spec if `nft` cannot load rule sets one after the other, or does not print a text then. */
  needs(context: Mocha.Context, feature: string, kept: string, ...texts: readonly string[]): void;
  /** Prints the rule set as `nft` does, with handles. */
  handles(): string;
  /** Prints the rule set as `nft` does. */
  print(): string;
  /** Applies documents of tables; returns the texts of the differences. */
  apply(...tables: Firewall['tables']): Promise<readonly string[]>;
  /** Returns the texts of the differences of documents of tables. */
  plan(...tables: Firewall['tables']): Promise<readonly string[]>;
  /** Returns the tables as documents. */
  describe(): Promise<readonly FirewallTable[]>;
  /** Returns the generation of the tables. */
  generation(): Promise<number>;
}

/** Opens a namespace without tables for the specs of a `describe`. */
export function useFirewall(): () => FirewallBench {
  // It empties the tables after each spec.
  usePrograms('nft');
  const namespace = useNamespace();
  let bench: FirewallBench | undefined;
  before(() => {
    bench = firewallBench(namespace());
  });
  afterEach(() => void namespace().run('nft', 'flush', 'ruleset'));
  after(() => bench?.client.close());
  return () => bench!;
}

function firewallBench(namespace: Namespace): FirewallBench {
  const client = nftables({ netns: namespace.path });
  const state = async () => await lastValueFrom(readFirewall(client));
  const planned = async (tables: Firewall['tables']) => planFirewall({ tables }, await state());
  const load = (text: string): void => void run('nsenter', [`--net=${namespace.path}`, '--', 'nft', '-f', '-'], text);
  const print = (): string => namespace.run('nft', 'list', 'ruleset');
  return {
    namespace,
    client,
    load,
    needs: (context, feature, kept, ...texts) => {
      let printed = '';
      try {
        texts.forEach(load);
        printed = print();
      } catch (error) {
        skipBecause(context, `this kernel has no ${feature}`, error);
      } finally {
        namespace.run('nft', 'flush', 'ruleset');
      }
      if (!printed.includes(kept)) skipBecause(context, `this kernel has no ${feature}`, printed);
    },
    handles: () => namespace.run('nft', '-a', 'list', 'ruleset'),
    print,
    apply: async (...tables) => {
      const plan = await planned(tables);
      await lastValueFrom(commitFirewall(client, plan));
      return plan.differences.map(({ text }) => text);
    },
    plan: async (...tables) => (await planned(tables)).differences.map(({ text }) => text),
    describe: async () => describeFirewall(await state()).tables,
    generation: async () => (await state()).generation,
  };
}
