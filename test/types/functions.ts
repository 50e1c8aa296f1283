/** Functions that the type tests send to workers. */

export const add = (a: number, b: number): number => a + b;
export const lengthOf = async (text: string): Promise<number> => text.length;
export const label = (id: number, name = 'x', ...rest: boolean[]): string => `${id}${name}${rest.length}`;
export const fails = (): never => {
  throw new Error('never returns');
};
export const logs = (line: string): void => console.log(line);

export interface Point {
  readonly x: number;
  readonly y: number;
}
export const norm = ({ x, y }: Point): number => Math.hypot(x, y);
export const origin = (): Point => ({ x: 0, y: 0 });
