import { ProcessError } from '../base/errors.js';
import { native } from '../binding/native.js';
import { newSegment } from '../heap/segment.js';
import { dtypes, type DType, type NumericArray } from '../memory/dtype.js';

type Constructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => NumericArray;

/** A vector in a segment, for the time of one job; its contents are undefined at first. Close gives the memory back at once. */
export class Column {
  readonly segment: number;
  readonly dtype: DType;
  readonly view: NumericArray;

  /** @param shared other processes are to reach it. @throws {HeapFullError} when there is no memory left */
  constructor(dtype: DType, length: number, shared: boolean) {
    const bytes = bytesOf(dtype, length);
    this.segment = newSegment(bytes, true, shared);
    this.dtype = dtype;
    this.view = viewOf(native.adoptSegment(this.segment, bytes), dtype, length);
  }

  close(): void {
    native.dropBuffer(this.view.buffer);
  }
}

function bytesOf(dtype: DType, length: number): number {
  return length * dtypes[dtype].BYTES_PER_ELEMENT;
}

function viewOf(buffer: ArrayBuffer, dtype: DType, length: number): NumericArray {
  const type = dtypes[dtype] as unknown as Constructor;
  return new type(buffer, 0, length);
}

/** Views of the columns of the job that this thread is working on, by segment. */
const views = new Map<string, NumericArray>();
const MOST_VIEWS = 8;

/** The column in a segment that somebody else holds meanwhile. The view is kept for the next range. */
export function columnOf(segment: number, dtype: DType, length: number): NumericArray {
  const key = `${segment}:${dtype}`;
  let view = views.get(key);
  if (view === undefined) {
    if (views.size >= MOST_VIEWS) closeColumns();
    const buffer = native.attachSegment(segment, bytesOf(dtype, length));
    if (buffer === undefined) throw new ProcessError('The job of this range is over');
    view = viewOf(buffer, dtype, length);
    views.set(key, view);
  }
  return view;
}

/** Gives the kept views back: the worker has nothing to do, and must not keep the memory of jobs that are over. */
export function closeColumns(): void {
  for (const view of views.values()) native.dropBuffer(view.buffer);
  views.clear();
}
