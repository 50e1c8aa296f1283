import type { ItemsRoot } from '../../transport/value/codec.js';
import { substituteOf, type Inbox } from './inbox.js';

/** The outcome of `Operation.each`: values, and the places of those that are errors instead. */
export interface EachOutcome {
  readonly values: unknown[];
  readonly errors: number[];
}

/** The same outcome with an error in place of each value that cannot be copied, which is to cost no other one. */
export function copyableOutcome({ values, errors }: EachOutcome, root: ItemsRoot, inbox: Inbox): EachOutcome {
  const outcome: EachOutcome = { values: [], errors: [] };
  const thrown = new Set(errors);
  for (const [i, value] of values.entries()) {
    const error = thrown.has(i) ? refusalOfThrown(value, inbox) : refusalOfValue(value, root.later(i), inbox);
    outcome.values.push(error ?? value);
    if (error !== undefined || thrown.has(i)) outcome.errors.push(i);
  }
  return outcome;
}

/** In the form in which it travels: nested less deeply it might pass where this does not. */
function refusalOfValue(value: unknown, root: ItemsRoot, inbox: Inbox): unknown {
  return inbox.refusal({ values: [value] }, root)?.error;
}

function refusalOfThrown(value: unknown, inbox: Inbox): unknown {
  const refusal = inbox.refusal(value, 'error');
  return refusal === undefined ? undefined : substituteOf(refusal.error, 'error');
}
