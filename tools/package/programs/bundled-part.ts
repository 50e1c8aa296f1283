import { parse } from 'acorn';

export const ecmaVersion = 2022;
export const statements = (text: string): number => parse(text, { ecmaVersion }).body.length;
