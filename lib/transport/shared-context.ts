import { SerializationError } from '../base/errors.js';
import type { HandleType } from '../base/handle.js';
import type { AnyFunction, CodecContext } from './value/codec.js';

/** Functions are numbers of a pool, and SharedArrayBuffers belong to their process: neither can be stored. */
export class SharedContext implements CodecContext {
  links: number[] = [];

  functionId(_fn: AnyFunction, path: string): number {
    throw new SerializationError(
      `${path} is a function: functions cannot be stored in shared memory; pass them as arguments`,
      path,
    );
  }

  functionOf(): AnyFunction {
    throw new SerializationError('The message is damaged: it names a function', '');
  }

  shareBuffer(): number {
    throw new SerializationError(
      'A SharedArrayBuffer cannot be stored in shared memory; pass it as an argument, or use a SharedArray',
      '',
    );
  }

  sharedBufferOf(): SharedArrayBuffer {
    throw new SerializationError('The message is damaged: it names a SharedArrayBuffer', '');
  }

  handleSent(type: HandleType, data: unknown): void {
    if (type.standsAlone === true) return;
    if (typeof data !== 'number') {
      throw new SerializationError(`A ${type.name} cannot be stored in shared memory; pass it as an argument`, '');
    }
    this.links.push(data);
  }
}
