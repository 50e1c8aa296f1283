import { readdirSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, readText } from './layers/tree.js';
import { projectRoot } from './project.js';

const FOLDERS = ['benchmark', 'examples', 'lib', 'native', 'templates', 'test'];
const TOP = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];

const pagesBelow = (folder: string): string[] => filesBelow(projectRoot, folder, /\.md$/);

/** Without docs/reference/, which typedoc makes, and may be making right now. */
function pagesOfDocs(): string[] {
  return readdirSync(path.join(projectRoot, 'docs'), { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return entry.name.endsWith('.md') ? [`docs/${entry.name}`] : [];
    return entry.name === 'reference' ? [] : pagesBelow(`docs/${entry.name}`);
  });
}

/** Every page that is written by hand. */
export const documents = [...TOP, ...pagesOfDocs(), ...FOLDERS.flatMap(pagesBelow)];

export interface CodeBlock {
  readonly page: string;
  readonly line: number;
  /** Empty where the page names none. */
  readonly language: string;
  readonly code: string;
}

export function codeBlocksOf(page: string, text: string): CodeBlock[] {
  return [...text.matchAll(/^ *(`{3,})([^`\n]*)\n([^]*?)^ *\1`*$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[2]!.trim(),
    code: match[3]!,
  }));
}

export const codeBlocks = documents.flatMap((page) => codeBlocksOf(page, readText(projectRoot, page)));
export const placeOf = ({ page, line }: CodeBlock): string => `${page}:${line}`;
