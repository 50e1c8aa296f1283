/** What a goal may look at: medians of its row's metric by driver name. */
export interface GoalView {
  readonly better: 'higher' | 'lower';
  readonly ours: number;
  /** The best of the peers; undefined where none was measured. */
  readonly best: number | undefined;
  value(driver: string): number | undefined;
}

export interface Goal {
  readonly text: string;
  /** Undefined where something that the goal compares with was not measured. */
  met(view: GoalView): boolean | undefined;
}

/** How many times better one figure is than another, whichever direction is better; above 1 is better. */
export function advantage(better: 'higher' | 'lower', figure: number, other: number): number {
  return better === 'higher' ? figure / other : other / figure;
}

function against(text: string, pick: (view: GoalView) => number | undefined, factor: number): Goal {
  return {
    text,
    met(view) {
      const other = pick(view);
      return other === undefined ? undefined : advantage(view.better, view.ours, other) >= factor;
    },
  };
}

export const timesBest = (factor: number): Goal =>
  against(factor === 1 ? 'no slower than the best peer' : `≥ ${factor} × the best peer`, (view) => view.best, factor);

export const timesDriver = (driver: string, factor: number): Goal =>
  against(`≥ ${factor} × ${driver}`, (view) => view.value(driver), factor);

/** For costs: at most a fraction of the best peer's. */
export const ofBest = (text: string, fraction: number): Goal =>
  against(`≤ ${text} of the best peer`, (view) => view.best, 1 / fraction);

export const atLeast = (least: number): Goal => ({
  text: `≥ ${least.toLocaleString('en')}`,
  met: (view) => view.ours >= least,
});

export const atMost = (most: number, unit: string): Goal => ({
  text: `≤ ${most} ${unit}`,
  met: (view) => view.ours <= most,
});

/** At most `factor` times the baseline's figure plus `plus`, in the row's unit. */
export function overBaseline(driver: string, { factor = 1, plus }: { factor?: number; plus: number }): Goal {
  return {
    text: `≤ ${factor === 1 ? '' : `${factor} × `}${driver} + ${plus}`,
    met(view) {
      const floor = view.value(driver);
      return floor === undefined ? undefined : view.ours <= factor * floor + plus;
    },
  };
}

export const noMoreThan = (driver: string): Goal => ({ ...overBaseline(driver, { plus: 0 }), text: `≤ ${driver}` });

export const allOf = (...goals: Goal[]): Goal => ({
  text: goals.map((goal) => goal.text).join(' and '),
  met(view) {
    const outcomes = new Set(goals.map((goal) => goal.met(view)));
    if (outcomes.has(false)) return false;
    return outcomes.has(undefined) ? undefined : true;
  },
});
