import type { FunctionTransportError } from '../../base/errors.js';
import { remember, remembered } from './described.js';
import { describeLocated } from './describe-located.js';
import { expressionOf, nameOf, readFunctionText, type FunctionText } from './function-text.js';
import { isDeclaredSomewhere, isTrustedGlobal } from './globals.js';
import { keyOf } from './key.js';
import type { AnyFunction, FunctionDescriptor, SourceDescriptor } from './protocol.js';
import { refuse } from './refusal.js';
import { taskOf, type Task } from './task.js';

const NOTHING: Record<string, unknown> = {};

/** Descriptors of closed functions by their text: a closed arrow made anew at each call costs one look-up. */
const closed = new Map<string, { descriptor: SourceDescriptor; globals: string[] }>();

/**
 * Finds out how a function can be made again in another thread or process.
 *
 * @param fn Any function or class.
 * @param argument What the caller's message should call it: the name of the parameter it was given for.
 * @returns A descriptor, the same object for the same function.
 * @throws FunctionTransportError if it is native or bound, or captures local variables that were not named by `task`.
 */
export function describeFunction(fn: AnyFunction, argument?: string): FunctionDescriptor {
  const known = remembered(fn);
  if (known) return known;
  const task = taskOf(fn);
  const target = task ? task.fn : fn;
  const earlier = task && !givesAny(task) ? remembered(target) : undefined;
  const descriptor = earlier ?? describeNew(target, task?.captured ?? NOTHING, argument);
  remember(fn, descriptor);
  return descriptor;
}

/** Whether it makes a difference to the function: what is known of that without it does not hold then. */
function givesAny({ fn, captured }: Task): boolean {
  const names = Object.keys(captured);
  if (names.length === 0) return false;
  const text = readFunctionText(Function.prototype.toString.call(fn));
  return text !== null && names.some((name) => text.free.has(name));
}

function describeNew(
  fn: AnyFunction,
  captured: Record<string, unknown>,
  argument: string | undefined,
): FunctionDescriptor {
  const source = Function.prototype.toString.call(fn);
  const isPlain = captured === NOTHING && Object.keys(fn).length === 0;
  const known = isPlain ? closed.get(source) : undefined;
  if (known && !known.globals.some(isDeclaredSomewhere)) return known.descriptor;
  const text = readFunctionText(source);
  if (!text) throw refuseUnreadable(fn, source, argument);
  if (text.usesEval) {
    const reason = 'it calls eval directly, so that the variables it uses cannot be known';
    throw refuse({ name: fn.name, argument }, reason, 'call (0, eval)(…) instead');
  }
  const own = (name: string): boolean => Object.hasOwn(captured, name);
  const isClosed = Object.keys(fn).length === 0 && [...text.free].every((name) => own(name) || isTrustedGlobal(name));
  const descriptor = isClosed
    ? sourceDescriptor(text, fn, Object.fromEntries(Object.entries(captured).filter(([name]) => text.free.has(name))))
    : describeLocated(fn, text, captured, argument);
  if (isPlain && descriptor.kind === 'source') {
    if (closed.size >= 1000) closed.clear();
    closed.set(source, { descriptor, globals: [...text.free].filter((name) => !isTrustedGlobal(name)) });
  }
  return descriptor;
}

function sourceDescriptor(text: FunctionText, fn: AnyFunction, captured: Record<string, unknown>): SourceDescriptor {
  const { parsed, site } = text;
  const name = nameOf(fn);
  const { source } = expressionOf(site, name, (start, end) => parsed.source.slice(start, end));
  const names = Object.keys(captured);
  return {
    kind: 'source',
    key: keyOf('source', String(parsed.strict), source, ...names),
    name,
    source,
    strict: parsed.strict,
    ...(names.length > 0 ? { captured } : {}),
  };
}

function refuseUnreadable(fn: AnyFunction, source: string, argument: string | undefined): FunctionTransportError {
  const name = nameOf(fn);
  if (!source.endsWith('[native code] }')) {
    return refuse({ name, argument }, 'its source cannot be read', 'write it in standard JavaScript');
  }
  const kind = name.startsWith('bound ') ? 'it is a bound function' : 'it is native code';
  return refuse({ name, argument }, `${kind}, which has no source`, 'wrap the call in a function: (...args) => …');
}
