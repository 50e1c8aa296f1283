import type { Session } from 'node:inspector';
import { FunctionTransportError } from '../../base/errors.js';
import { LineTable } from './lines.js';
import type { AnyFunction } from './protocol.js';

/** A script that runs in this thread, as the engine sees it: after transpilers and loaders. */
export interface ScriptInfo {
  readonly id: string;
  /** Empty for `new Function` and the like. */
  readonly url: string;
  readonly source: string;
  readonly isModule: boolean;
  readonly sourceMap: string;
  readonly lines: LineTable;
}

export interface Located {
  readonly script: ScriptInfo;
  /** Offset in `script.source` of the function's parameters, or of the class. */
  readonly offset: number;
}

interface ScriptParsed {
  scriptId: string;
  url: string;
  isModule?: boolean;
  sourceMapURL?: string;
  startLine: number;
  startColumn: number;
}

interface RemoteObject {
  type: string;
  objectId?: string;
  value?: unknown;
  /** What JSON does not know: `NaN`, `-0`, `12n` … */
  unserializableValue?: string;
  description?: string;
}

interface Property {
  name: string;
  value?: RemoteObject;
}

const GROUP = 'allcores';

/**
 * The engine's own knowledge of functions, asked synchronously through an inspector session on this very thread.
 * The debugger domain, which slows promises down tenfold, is on only while a script that is not yet known is read.
 */
class FunctionInspector {
  readonly #session: Session;
  readonly #slotOwner: Record<symbol, unknown>;
  readonly #slot = Symbol.for('allcores.inspected');
  readonly #scripts = new Map<string, { info: ScriptInfo; startLine: number; startColumn: number }>();

  constructor() {
    const inspector = process.getBuiltinModule('node:inspector');
    if (!inspector?.Session) {
      throw new FunctionTransportError('this build of Node.js has no inspector, which finds the source of functions');
    }
    this.#slotOwner = inspector.Session as unknown as Record<symbol, unknown>;
    this.#session = new inspector.Session();
    this.#session.connect();
  }

  locate(fn: AnyFunction): Located | undefined {
    return this.#released(() => {
      const property = this.#internals(fn).find(({ name }) => name === '[[FunctionLocation]]');
      const place = property?.value?.value as
        { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
      const script = place && this.#script(place.scriptId);
      if (!script) return undefined;
      const line = place.lineNumber - script.startLine;
      const column = line === 0 ? place.columnNumber - script.startColumn : place.columnNumber;
      return { script: script.info, offset: script.info.lines.offset({ line, column }) };
    });
  }

  /** The value of the variable `name` as the function sees it, or undefined where the engine dropped it. */
  variable(fn: AnyFunction, name: string): unknown {
    return this.#released(() => {
      for (const variable of this.#variables(fn)) {
        if (variable.name === name && variable.value?.objectId) return this.#receive(variable.value.objectId);
      }
      return undefined;
    });
  }

  /** The values of variables of the function's module; those that have none yet are undefined, or missing. */
  topLevel(fn: AnyFunction, names: ReadonlySet<string>): Map<string, unknown> {
    return this.#released(() => {
      const found = new Map<string, RemoteObject>();
      // From the innermost scope to the module's own
      for (const { name, value } of this.#variables(fn)) if (value && names.has(name)) found.set(name, value);
      return new Map([...found].map(([name, value]) => [name, this.#valueOf(value)]));
    });
  }

  #valueOf({ objectId, unserializableValue, value }: RemoteObject): unknown {
    if (objectId) return this.#receive(objectId);
    if (unserializableValue === undefined) return value;
    return unserializableValue.endsWith('n') ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
  }

  /** The functions and objects that the variables around a function hold. */
  visible(fn: AnyFunction): unknown[] {
    return this.#released(() => {
      const values: unknown[] = [];
      for (const { value } of this.#variables(fn)) {
        if (value?.objectId && /^(function|object)$/.test(value.type)) values.push(this.#receive(value.objectId));
      }
      return values;
    });
  }

  *#variables(fn: AnyFunction): Generator<Property> {
    const scopes = this.#internals(fn).find((internal) => internal.name === '[[Scopes]]')?.value;
    for (const scope of this.#properties(scopes)) {
      if (/^\d+$/.test(scope.name) && scope.value?.description !== 'Global') yield* this.#properties(scope.value);
    }
  }

  #released<T>(work: () => T): T {
    try {
      return work();
    } finally {
      this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    }
  }

  #internals(fn: AnyFunction): Property[] {
    this.#slotOwner[this.#slot] = fn;
    try {
      // The inspector evaluates in the main context, which shares built-in modules with whatever context this runs in
      const expression = `process.getBuiltinModule('node:inspector').Session[Symbol.for('allcores.inspected')]`;
      const { result } = this.#post<{ result: RemoteObject }>('Runtime.evaluate', { expression, objectGroup: GROUP });
      return (
        this.#post<{ internalProperties?: Property[] }>('Runtime.getProperties', {
          objectId: result.objectId,
          ownProperties: true,
        }).internalProperties ?? []
      );
    } finally {
      delete this.#slotOwner[this.#slot];
    }
  }

  #properties(object: RemoteObject | undefined): Property[] {
    if (!object?.objectId) return [];
    const parameters = { objectId: object.objectId, ownProperties: true };
    return this.#post<{ result: Property[] }>('Runtime.getProperties', parameters).result;
  }

  /** Brings a remote object over as the object that it is: both ends are this thread. */
  #receive(objectId: string): unknown {
    const functionDeclaration = `function () {
      process.getBuiltinModule('node:inspector').Session[Symbol.for('allcores.inspected')] = this;
    }`;
    this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration, objectGroup: GROUP });
    const value = this.#slotOwner[this.#slot];
    delete this.#slotOwner[this.#slot];
    return value;
  }

  #script(id: string): { info: ScriptInfo; startLine: number; startColumn: number } | undefined {
    const known = this.#scripts.get(id);
    if (known) return known;
    let parsed: ScriptParsed | undefined;
    const listen = (message: { params: object }): void => {
      const script = message.params as ScriptParsed;
      if (script.scriptId === id) parsed = script;
    };
    this.#session.on('Debugger.scriptParsed', listen);
    try {
      this.#post('Debugger.enable');
      if (!parsed) return undefined;
      const { scriptSource } = this.#post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId: id });
      const { url, isModule = false, sourceMapURL = '', startLine, startColumn } = parsed;
      const info = {
        id,
        url,
        source: scriptSource,
        isModule,
        sourceMap: sourceMapURL,
        lines: new LineTable(scriptSource),
      };
      const script = { info, startLine, startColumn };
      if (this.#scripts.size >= 256) this.#scripts.delete(this.#scripts.keys().next().value as string);
      this.#scripts.set(id, script);
      return script;
    } finally {
      this.#session.off('Debugger.scriptParsed', listen);
      this.#post('Debugger.disable');
    }
  }

  #post<T = unknown>(method: string, parameters: object = {}): T {
    let answer: { error: Error | null; result?: unknown } | undefined;
    this.#session.post(method, parameters, (error, result) => (answer = { error, result }));
    if (!answer) throw new FunctionTransportError(`the inspector did not answer ${method} at once`);
    if (answer.error) throw new FunctionTransportError(`the inspector refused ${method}`, { cause: answer.error });
    return answer.result as T;
  }
}

let inspector: FunctionInspector | undefined;

/** Where a function was made; undefined for native code. */
export function locate(fn: AnyFunction): Located | undefined {
  return (inspector ??= new FunctionInspector()).locate(fn);
}

/** The value that a variable has for a function which names it. */
export function variableOf(fn: AnyFunction, name: string): unknown {
  return (inspector ??= new FunctionInspector()).variable(fn, name);
}

/** The values that top-level variables of a function's module have now. */
export function topLevelOf(fn: AnyFunction, names: ReadonlySet<string>): Map<string, unknown> {
  return (inspector ??= new FunctionInspector()).topLevel(fn, names);
}

/** The functions and objects that the variables around a function hold. */
export function visibleFrom(fn: AnyFunction): unknown[] {
  return (inspector ??= new FunctionInspector()).visible(fn);
}
