/** Why objects of a class of this library cannot travel: what they are, and what to do instead. */
export interface Unsendable {
  readonly what: string;
  readonly advice: string;
}

const byPrototype = new Map<object, Unsendable>();

/**
 * Has each instance of the class, and of its subclasses, refused: its state does not show as properties, so that a copy of
 * these would be an empty object. Called as its module loads.
 */
export function refuseToSend(type: { readonly prototype: object }, what: string, advice: string): void {
  byPrototype.set(type.prototype, { what, advice });
}

/** @internal What was said of the class that has exactly this prototype. */
export function unsendableOf(prototype: object): Unsendable | undefined {
  return byPrototype.get(prototype);
}
