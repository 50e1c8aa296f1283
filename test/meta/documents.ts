import { filesBelow, readText } from './layers/tree.js';
import { projectRoot } from './project.js';

const FOLDERS = ['benchmark', 'docs', 'examples', 'lib', 'native', 'templates', 'test'];
const TOP = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];

/** Every page that is written by hand: those below docs/reference/ are made by typedoc. */
export const documents = [...TOP, ...FOLDERS.flatMap((folder) => filesBelow(projectRoot, folder, /\.md$/))].filter(
  (file) => !file.startsWith('docs/reference/'),
);

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
