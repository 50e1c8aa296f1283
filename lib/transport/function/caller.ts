import { pathToFileURL } from 'node:url';

/** URL of the file from which `callee` was called; undefined where the stack does not tell. */
export function callerUrl(callee: (...args: never[]) => unknown): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_error, sites) => sites[0]?.getScriptNameOrSourceURL();
    Error.captureStackTrace(holder, callee);
    const name = holder.stack;
    if (typeof name !== 'string' || name === '') return undefined;
    if (/^[a-z][a-z0-9+.-]+:/i.test(name)) return name;
    return /^(\/|[a-z]:\\|\\\\)/i.test(name) ? pathToFileURL(name).href : undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}
