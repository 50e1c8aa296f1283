import { types } from 'node:util';
import * as own from '../../base/errors.js';

/**
 * Errors as values. What travels is the class (as a token), every own property with a string key, enumerable or not
 * (`message`, `stack`, `cause`, `errors` and `code` are among them), and nothing else.
 */

/** The classes that a program has named; see the transport of functions. */
export interface ErrorClasses {
  keyOfClass(constructor: Function): string | undefined;
  classOfKey(key: string, name: string): Function | undefined;
}

let classes: ErrorClasses = { keyOfClass: () => undefined, classOfKey: () => undefined };

/** Says where the classes of users' errors are found. Until then they arrive as their nearest built-in class. */
export function setErrorClasses(found: ErrorClasses): void {
  classes = found;
}

/** What an error is made of before it has properties. */
export interface ErrorHead {
  /** `TypeError`: built-in; `#TimeoutError`: the library's; `@TypeError key`: of the program, and its nearest of those. */
  readonly token: string;
  /** Name of the class, where the token may not say it; of a DOMException its name, which stands for the class. */
  readonly name: string;
  /** Only of a DOMException, which keeps it out of its properties. */
  readonly message: string;
}

type ErrorConstructor = new (message?: string) => Error;

const byToken = new Map<string, ErrorConstructor>();
const tokens = new Map<unknown, string>();
const builtIns = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError];
for (const type of builtIns) know(type.name, type as unknown as ErrorConstructor);
for (const [name, type] of Object.entries(own)) know(`#${name}`, type as unknown as ErrorConstructor);

function know(token: string, type: ErrorConstructor): void {
  byToken.set(token, type);
  tokens.set(type, token);
}

/** @internal */
export function describeError(error: Error): ErrorHead {
  if (error instanceof DOMException) return { token: 'DOMException', name: error.name, message: error.message };
  const constructor = constructorOf(Object.getPrototypeOf(error) as object | null);
  const token = tokens.get(constructor);
  if (token !== undefined) return { token, name: '', message: '' };
  const key = constructor === undefined ? undefined : classes.keyOfClass(constructor);
  const nearest = nearestBuiltIn(error, constructor);
  if (key !== undefined) return { token: `@${nearest.token} ${key}`, name: constructor?.name ?? '', message: '' };
  return { ...nearest, message: '' };
}

/** An unknown class arrives as the nearest class that everybody knows, under its own name. */
function nearestBuiltIn(error: Error, constructor: Function | undefined): { token: string; name: string } {
  let token = 'Error';
  for (let link: unknown = Object.getPrototypeOf(error); link !== null; link = Object.getPrototypeOf(link)) {
    const found = tokens.get(constructorOf(link as object));
    if (found === undefined) continue;
    token = found;
    break;
  }
  const inherited: unknown = byToken.get(token)?.prototype.name;
  const given: unknown = error.name;
  if (typeof given === 'string' && given !== inherited) return { token, name: given };
  // Node's own errors with a code are of a hidden class that goes by its parent's name.
  const name = constructor?.name ?? '';
  return { token, name: name === 'NodeError' ? '' : name };
}

function constructorOf(prototype: object | null): Function | undefined {
  const constructor: unknown = prototype === null ? undefined : Reflect.get(prototype, 'constructor');
  return typeof constructor === 'function' ? constructor : undefined;
}

/** @internal A bare error of that class, made without running the class's own constructor. */
export function constructError(head: ErrorHead): Error {
  const { token, name } = head;
  if (token === 'DOMException') return new DOMException(head.message, name);
  const [, nearest = token, key] = /^@(\S+) ([^]*)$/.exec(token) ?? [];
  const found = key === undefined ? undefined : classes.classOfKey(key, name);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0; // the stack that counts arrives with the properties
  try {
    const error = Reflect.construct(Error, [], found ?? byToken.get(nearest) ?? Error) as Error;
    if (name !== '' && found === undefined) defineHidden(error, 'name', name);
    return error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function defineHidden(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true });
}

/** The errors whose stacks have been joined: whoever asks for a result again gets the same error. */
const joined = new WeakSet<object>();

/**
 * Appends the caller's frames to the stack that an error brought from a worker, so that it tells the whole way.
 * Does nothing for values that are no errors, and nothing the second time.
 *
 * @param callerStack the `stack` of an error made where the task was given to the worker
 * @param workerName for the line that parts the two: `    at PoolWorker-1 (allcores)`
 */
export function joinStacks(error: unknown, callerStack: string, workerName: string): void {
  if (!types.isNativeError(error) && !(error instanceof Error)) return;
  if (joined.has(error)) return;
  joined.add(error);
  const start = callerStack.search(/^ {4}at /m);
  const frames = start < 0 ? '' : `\n${callerStack.slice(start)}`;
  try {
    const stack = typeof error.stack === 'string' ? error.stack : String(error);
    defineHidden(error, 'stack', `${stack}\n    at ${workerName} (allcores)${frames}`);
  } catch {
    // A frozen error, or one whose stack cannot be read, stays as it is.
  }
}
