import { optionalObject, optionalSignal } from '../base/validate.js';
import { run, runHere, type Call, type Results } from './host.js';

/** What ends a kernel early. */
export interface KernelOptions {
  /** Ends it: the promise rejects with its reason, once no thread uses the vectors any more. What was written stays. */
  readonly signal?: AbortSignal | undefined;
}

/** A call of a kernel, and what its numbers mean. */
export interface Plan<R> {
  readonly call: Call;
  readonly result: (results: Results) => R;
}

/** So few elements that handing them to a thread would take longer than they do. */
const FEW = 2048;

function isSmall({ inputs, outputs = [] }: Call): boolean {
  for (const { length } of inputs) if (length > FEW) return false;
  for (const { length } of outputs) if (length > FEW) return false;
  return true;
}

/** Without blocking this thread for more than some microseconds. Rejects with a `TypeError` for options that are none. */
export async function perform<R>({ call, result }: Plan<R>, options: KernelOptions = {}): Promise<R> {
  optionalObject('options', options);
  const signal = optionalSignal('signal', options.signal);
  signal?.throwIfAborted();
  return result(isSmall(call) ? runHere(call) : await run(call, signal));
}

/** On this thread, which blocks, and on those that help. */
export function performSync<R>({ call, result }: Plan<R>): R {
  return result(runHere(call));
}
