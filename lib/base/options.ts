import { optionalObject, optionalSignal, optionalTimeout, shown } from './validate.js';

/** Names that options may have. */
export type Names = ReadonlySet<string>;

/** The names of all options of an interface: one that is forgotten does not compile. */
export function namesOf<T>(names: Readonly<Record<keyof T & string, true>>): Names {
  return new Set(Object.keys(names));
}

/**
 * Refuses an option that does not exist: whoever misspells one would never learn that it has no effect. One that is
 * undefined is as if it were not there, and what a class has beside its fields is its own business.
 * @throws {TypeError} that names it, what there is, and what may be meant; and for what is no object
 */
export function requireKnown(options: object | undefined, known: Names, what = 'option'): void {
  optionalObject('options', options);
  for (const name in options) {
    if (known.has(name) || !Object.hasOwn(options, name)) continue;
    if ((options as Readonly<Record<string, unknown>>)[name] !== undefined) throw unknown(name, known, what);
  }
}

function unknown(name: string, known: Names, what: string): TypeError {
  const wanted = plain(name);
  const near = [...known].find((other) => plain(other) === wanted);
  const hint = near === undefined ? 'there are' : `did you mean ${near}? There are`;
  return new TypeError(`unknown ${what} ${shown(name)}: ${hint} ${[...known].join(', ')}`);
}

/** Without what naming conventions differ in. */
function plain(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}

/** How long to wait, and what ends the wait before. */
interface Limits {
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const limits = namesOf<Limits>({ timeout: true, signal: true });

/**
 * The options of whatever waits.
 * @returns `timeout` as {@link optionalTimeout} has it
 * @throws {TypeError} for bad options, by name
 */
export function checkWait(options: Limits | undefined): {
  readonly timeout: number | undefined;
  readonly signal: AbortSignal | undefined;
} {
  if (options === undefined) return { timeout: undefined, signal: undefined };
  optionalObject('options', options);
  for (const name in options) {
    // Much cheaper than a look into a set, for locks that are taken in less time than that.
    if (name !== 'timeout' && name !== 'signal') requireKnown(options, limits);
  }
  return { timeout: optionalTimeout(options.timeout), signal: optionalSignal('signal', options.signal) };
}
