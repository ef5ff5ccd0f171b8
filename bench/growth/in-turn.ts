import type { Contender, Run } from '../support/contender.js';
import { figuresOf } from '../support/figures.js';

/** The rounds that are not measured. */
const WARM_UP = 2;

/**
 * Measures contenders in turn and ends them: other work of the host then meets each of them, not one size alone.
 *
 * @param figure - Returns the figure of a run.
 * @returns The median of each contender.
 */
export async function measureInTurn(contenders: readonly Contender[], runs: number, figure: (run: Run) => number): Promise<number[]> {
  const figures = contenders.map((): number[] => []);
  try {
    for (let run = -WARM_UP; run < runs; run++) {
      for (const [index, contender] of contenders.entries()) {
        const measured = await contender.measure();
        if (run >= 0) figures[index]!.push(figure(measured));
      }
    }
  } finally {
    for (const contender of contenders) contender.close();
  }
  return figures.map((each) => figuresOf(each).median);
}
