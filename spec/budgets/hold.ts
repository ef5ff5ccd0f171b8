import { expect } from 'chai';
import { BUDGETS, type Budget, type BudgetName } from './budgets.js';

/** Holds a figure against its budget, and prints both. */
export function hold(name: BudgetName, figure: number): void {
  const { measured, most, least, unit }: Budget = BUDGETS[name];
  const limits = [...(least === undefined ? [] : [`at least ${least}`]), ...(most === undefined ? [] : [`at most ${most}`])];
  process.stdout.write(`      ${round(figure)} ${unit}; ${limits.join(', ')}; ${measured} when it was set\n`);
  if (most !== undefined) expect(figure, unit).to.be.at.most(most);
  if (least !== undefined) expect(figure, unit).to.be.at.least(least);
}

function round(figure: number): string {
  return String(Number(figure.toPrecision(4)));
}
