/** So many objects are found faster by looking at each than by hashing. */
const SCANNED = 12;
/** A list that one large message has grown beyond this length is given back. */
const KEPT = 4096;

/** Numbers the objects of a message in the order in which they are met. */
export class ObjectTable {
  #objects: (object | undefined)[] = [];
  #count = 0;
  /** The same objects, once they are too many to look at. A set tells new from known at half the cost of a Map … */
  #known: Set<object | undefined> | undefined;
  /** … which is made only when an object comes again: in a tree none does. */
  #numbers: Map<object | undefined, number> | undefined;

  get count(): number {
    return this.#count;
  }

  /** The number of an object met before, or -1 after giving it the next one. */
  meet(object: object): number {
    const objects = this.#objects;
    const count = this.#count;
    if (count < SCANNED) {
      for (let i = 0; i < count; i++) if (objects[i] === object) return i;
    } else {
      const known = (this.#known ??= new Set(objects.slice(0, count)));
      known.add(object);
      if (known.size === count) return this.#numberOf(object);
    }
    objects[count] = object;
    this.#count = count + 1;
    return -1;
  }

  #numberOf(object: object): number {
    const numbers = (this.#numbers ??= new Map());
    for (let i = numbers.size; i < this.#count; i++) numbers.set(this.#objects[i], i);
    return numbers.get(object)!;
  }

  /** Forgets the objects from this number on. */
  truncate(count: number): void {
    for (let i = this.#count - 1; i >= count; i--) {
      this.#known?.delete(this.#objects[i]);
      this.#numbers?.delete(this.#objects[i]);
      this.#objects[i] = undefined;
    }
    this.#count = count;
  }

  /** Forgets all: the table must not keep alive what a message was about. */
  clear(): void {
    this.#known = undefined;
    this.#numbers = undefined;
    if (this.#count > KEPT) this.#objects = [];
    else for (let i = 0; i < this.#count; i++) this.#objects[i] = undefined;
    this.#count = 0;
  }
}
