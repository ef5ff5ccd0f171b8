import { expect } from 'chai';
import { BUDGETS } from './budgets.js';

/** Compares a figure with its budget, and prints both. */
export function expectBudget(name: string, figure: number | undefined): void {
  const budget = BUDGETS[name];
  if (budget === undefined || figure === undefined) throw new Error(`budget '${name}': the budget or its figure is missing`);
  const { measured, most, least, unit } = budget;
  const limits = [...(least === undefined ? [] : [`at least ${least}`]), ...(most === undefined ? [] : [`at most ${most}`])];
  process.stdout.write(`      ${round(figure)} ${unit}; ${limits.join(', ')}; ${measured} when the budget was set\n`);
  if (most !== undefined) expect(figure, unit).to.be.at.most(most);
  if (least !== undefined) expect(figure, unit).to.be.at.least(least);
}

function round(figure: number): string {
  return String(Number(figure.toPrecision(4)));
}
