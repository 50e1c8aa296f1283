/** True if and only if the two types are identical, `any` and optional or read-only properties told apart. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `expectType<Equal<Actual, Expected>>()` with identical types. */
export function expectType<_ extends true>(): void {}
