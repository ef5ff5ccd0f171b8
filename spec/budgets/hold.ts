import { expect } from 'chai';
import { BUDGETS } from './budgets.js';

/** Holds a figure against its budget, and prints both. */
export function hold(name: string, figure: number | undefined): void {
  const budget = BUDGETS[name];
  if (budget === undefined || figure === undefined) throw new Error(`there is no budget '${name}', or no figure for it`);
  const { measured, most, least, unit } = budget;
  const limits = [...(least === undefined ? [] : [`at least ${least}`]), ...(most === undefined ? [] : [`at most ${most}`])];
  process.stdout.write(`      ${round(figure)} ${unit}; ${limits.join(', ')}; ${measured} when it was set\n`);
  if (most !== undefined) expect(figure, unit).to.be.at.most(most);
  if (least !== undefined) expect(figure, unit).to.be.at.least(least);
}

function round(figure: number): string {
  return String(Number(figure.toPrecision(4)));
}
