import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { placeOf, type CodeBlock } from './documents.js';
import { projectRoot } from './project.js';

function options(): ts.CompilerOptions {
  const file = path.join(projectRoot, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile.bind(ts.sys)) as { config: { compilerOptions: unknown } };
  const { options: parsed } = ts.convertCompilerOptionsFromJson(config.compilerOptions, projectRoot);
  return { ...parsed, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
}

/** What the compiler says of programs against the declarations of the built package, with the lines of their pages. */
export function typeErrorsOf(blocks: readonly CodeBlock[]): string[] {
  if (blocks.length === 0) return [];
  // Inside of the package, so that its own name resolves.
  const scratch = path.join(projectRoot, 'out', 'docs-scratch');
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(path.join(scratch, 'typed-'));
  try {
    const byFile = new Map(blocks.map((block, i) => [path.join(folder, `${i}.mts`), block]));
    for (const [file, { code }] of byFile) writeFileSync(file, code);
    const program = ts.createProgram([...byFile.keys()], options());
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, ' ');
      const block = file && byFile.get(path.normalize(file.fileName));
      if (file === undefined || block === undefined) return message;
      const line = block.line + 1 + file.getLineAndCharacterOfPosition(start).line;
      return `${placeOf({ ...block, line })}: ${message}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
