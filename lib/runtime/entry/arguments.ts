import { attachBytes, readMessage } from '../message.js';
import {
  RECORD_KIND,
  RECORD_LENGTH,
  RECORD_LOCATION,
  RECORD_PAYLOAD_BYTE,
  RECORD_PAYLOAD_DOUBLE,
  type PoolMemory,
} from '../pool-memory.js';
import { Form, Operation, Scalar } from '../protocol.js';
import { ItemsRoot, type Encoded, type Root } from '../../transport/value/codec.js';

/** The arguments of a task that are not numbers only, in the forms that need no codec. */
export function readScalars(memory: PoolMemory, record: number, form: number): unknown[] {
  const at = (record - memory.records) / 2 + memory.recordDoubles;
  const length = memory.words[record + RECORD_LENGTH]!;
  if (form === Form.string) {
    const start = record * 4 + RECORD_PAYLOAD_BYTE;
    return [memory.bytes.toString('latin1', start, start + length)];
  }
  const count = length & 0xf;
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) {
    switch ((length >> (4 + 4 * i)) & 0xf) {
      case Scalar.number:
        values.push(memory.doubles[at + RECORD_PAYLOAD_DOUBLE + i]);
        break;
      case Scalar.undefined:
        values.push(undefined);
        break;
      case Scalar.null:
        values.push(null);
        break;
      case Scalar.false:
        values.push(false);
        break;
      default:
        values.push(true);
    }
  }
  return values;
}

/** The encoded arguments of a task, wherever they lie. */
export function readEncoded(memory: PoolMemory, record: number, form: number): Encoded {
  const { words, bytes } = memory;
  const location = words[record + RECORD_LOCATION]! >>> 0;
  switch (form) {
    case Form.inline:
      return readMessage(bytes, record * 4 + RECORD_PAYLOAD_BYTE, true);
    case Form.arena:
      return readMessage(bytes, memory.arena + location, true);
    default:
      // The owner keeps its holder: the task may be run again.
      return readMessage(attachBytes(location, words[record + RECORD_LENGTH]! >>> 0), 0, true);
  }
}

/** How paths of a task's result begin: those of a map count all items of the map. */
export function rootOfResult(memory: PoolMemory, record: number): Root {
  const kind = memory.words[record + RECORD_KIND]!;
  const operation = (kind >> 8) & 0xff;
  if (operation === Operation.call || operation === Operation.initialize) return 'result';
  const at = operation === Operation.item ? -1 : operation === Operation.each ? 1 : 0;
  return new ItemsRoot('result', firstItemOf(memory, record, kind & 0xff), at);
}

/** Where the record has room for it beside arguments of this form; modulo 2^32 for those that lie in the record. */
function firstItemOf(memory: PoolMemory, record: number, form: number): number {
  if (form < Form.arena) return memory.words[record + RECORD_LOCATION]! >>> 0;
  return memory.doubles[(record - memory.records) / 2 + memory.recordDoubles + RECORD_PAYLOAD_DOUBLE]!;
}
