import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProcessError } from '../base/errors.js';
import { namesOf, requireKnown } from '../base/options.js';
import { optionalObject, optionalSignal, requireArray, requireInteger, shown } from '../base/validate.js';
import { refuseToSend } from '../base/unsendable.js';
import { ANY_TYPE, type NativeParameter, type NativeUserKernel } from '../binding/kernels.js';
import { dtypeNames } from '../memory/dtype.js';
import { load, run, runHere, type Call } from './host.js';
import { placeOf, requireVector, type Vector } from './vectors.js';

/** What a kernel is run with. */
export interface KernelCall {
  /** Vectors that it reads, as it declares them. */
  readonly inputs?: readonly Vector[] | undefined;
  /** Vectors that it writes. */
  readonly outputs?: readonly Vector[] | undefined;
  /** Numbers, as many as it declares. */
  readonly args?: readonly number[] | undefined;
  /** Ends it: the promise rejects with its reason, once no thread uses the vectors any more. `runSync` looks at it first. */
  readonly signal?: AbortSignal | undefined;
}

const CALL = namesOf<KernelCall>({ inputs: true, outputs: true, args: true, signal: true });

/** A function in C or C++ of your own, which native threads run over a range of indices: {@link loadKernel}. */
export class Kernel {
  /** As its library declares it. */
  readonly name: string;
  readonly #declared: NativeUserKernel;

  /** @internal */
  constructor(declared: NativeUserKernel) {
    this.name = declared.name;
    this.#declared = declared;
  }

  /**
   * Runs it for each index from 0 to before `n`, in parts, on native threads, without blocking this one.
   * @throws {TypeError | RangeError} for vectors or numbers that are not what it declares, before anything runs
   * @returns a promise that rejects with a {@link ProcessError} and the kernel's message when it fails
   */
  async run(n: number, call: KernelCall = {}): Promise<void> {
    const signal = unaborted(call);
    await run(this.#call(n, call), signal);
  }

  /** As {@link run}, on this thread and those that help; blocks. */
  runSync(n: number, call: KernelCall = {}): void {
    unaborted(call);
    runHere(this.#call(n, call));
  }

  #call(n: number, call: KernelCall): Call {
    requireInteger('n', n, 0);
    const { inputs = [], outputs = [], args = [] } = call;
    const declared = this.#declared;
    const numbers = requireArray('args', args);
    if (numbers.length !== declared.args) {
      throw new RangeError(`args must be ${declared.args} numbers for kernel ${this.name}, got ${numbers.length}`);
    }
    numbers.forEach((value, i) => {
      if (typeof value !== 'number') throw new TypeError(`args[${i}] must be a number, got ${shown(value)}`);
    });
    return {
      kernel: declared.number,
      inputs: this.#vectors('inputs', inputs, declared.inputs, n),
      outputs: this.#vectors('outputs', outputs, declared.outputs, n),
      numbers: [BigInt(n), ...args],
    };
  }

  #vectors(which: string, given: unknown, parameters: readonly NativeParameter[], n: number): Call['inputs'] {
    const vectors = requireArray(which, given);
    if (vectors.length !== parameters.length) {
      const names = parameters.map(({ name }) => name).join(', ') || 'none';
      throw new RangeError(
        `${which} must be ${parameters.length} vectors for kernel ${this.name} (${names}), got ${vectors.length}`,
      );
    }
    return parameters.map(({ name, dtype, each }, i) => {
      const where = `${which}[${i}] (${name})`;
      const wanted = dtype === ANY_TYPE ? {} : { dtype: dtypeNames[dtype] };
      const vector = requireVector(where, vectors[i], wanted);
      if (each && vector.length < n) {
        throw new RangeError(`${where} must have an element for each of ${n} indices, got ${vector.length}`);
      }
      return placeOf(vector);
    });
  }
}

function unaborted(call: KernelCall): AbortSignal | undefined {
  optionalObject('call', call);
  requireKnown(call, CALL);
  const signal = optionalSignal('signal', call.signal);
  signal?.throwIfAborted();
  return signal;
}

/**
 * Loads a kernel of your own: a shared library with a function in C or C++ that was written against `include/allcores.h` of
 * this package. It stays loaded until the process ends.
 *
 * @param path of the library, absolute or from the current folder, or its `file:` URL
 * @throws {TypeError} for what is no path
 * @throws {ProcessError} when there is no such library, or it has no kernel of this version: the message says which
 * @example
 * const scale = await loadKernel('./scale.so');
 * await scale.run(x.length, { inputs: [x], outputs: [y], args: [2] });
 */
export async function loadKernel(path: string | URL): Promise<Kernel> {
  return loadKernelSync(path);
}

/** As {@link loadKernel}, blocking the thread while the system reads the library. */
export function loadKernelSync(path: string | URL): Kernel {
  if (typeof path !== 'string' && !(path instanceof URL)) {
    throw new TypeError(`path must be a string or a URL, got ${shown(path)}`);
  }
  const file = path instanceof URL || path.startsWith('file:') ? fileURLToPath(path) : resolve(path);
  const loaded = load(file);
  if (typeof loaded === 'string') throw new ProcessError(`No kernel was loaded from ${file}: ${loaded}`);
  return new Kernel(loaded);
}

refuseToSend(Kernel, 'a Kernel', 'load it in the worker with loadKernel');
