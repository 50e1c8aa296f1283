// Measures every JavaScript file of a folder on all cores, then on one, then without a pool, and compares.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Parser } from 'acorn';
import { cpuCount, Pool } from 'allcores';
import { javaScriptFiles } from './files.mjs';
import { comparison, summarize, table } from './report.mjs';

const USAGE = `Usage: npm run demo -- [folder] [--json]

Parses every .js, .mjs and .cjs file under the folder (default: this project's node_modules) and reports size, AST nodes
and cyclomatic complexity by package, computed on all cores, on one core and without a pool.

  --json   print the whole report as JSON
  --help   print this`;

/** Nodes at which the flow of control forks. */
const FORKS = new Set([
  'ConditionalExpression',
  'DoWhileStatement',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'IfStatement',
  'LogicalExpression',
  'WhileStatement',
]);

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionDeclaration', 'FunctionExpression']);

/** What a worker runs: `[bytes, nodes, complexity]` of one file, without nodes if it is not JavaScript. */
function measureFile(file) {
  const bytes = readFileSync(file);
  const program = parse(bytes.toString('utf8'));
  return [bytes.length, ...(program ? measureTree(program) : [0, 0])];
}

/** The syntax tree of a module or else of a script; undefined if it is neither (JSX, Flow, templates …). */
function parse(text) {
  for (const sourceType of ['module', 'script']) {
    try {
      return Parser.parse(text, {
        ecmaVersion: 'latest',
        sourceType,
        allowHashBang: true,
        allowReturnOutsideFunction: true,
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** Counts nodes and cyclomatic complexity: one for each function and for the file itself, and one for each fork. */
function measureTree(program) {
  const waiting = [program];
  let nodes = 0;
  let complexity = 1;
  while (waiting.length > 0) {
    const node = waiting.pop();
    nodes += 1;
    if (isFork(node) || FUNCTIONS.has(node.type)) complexity += 1;
    for (const key in node) pushNodes(node[key], waiting);
  }
  return [nodes, complexity];
}

function isFork(node) {
  if (node.type === 'SwitchCase') return node.test !== null;
  if (node.type === 'AssignmentExpression') return ['&&=', '||=', '??='].includes(node.operator);
  return FORKS.has(node.type);
}

function pushNodes(value, waiting) {
  if (Array.isArray(value)) for (const item of value) pushNodes(item, waiting);
  else if (typeof value?.type === 'string') waiting.push(value);
}

/** Measures all files with a pool. Starting and stopping the workers counts as well. */
async function withPool(processes, files, progress) {
  const begin = performance.now();
  const pool = new Pool(processes);
  const measures = await pool.map(measureFile, files, { progress });
  pool.close();
  await pool.join();
  return { measures, time: performance.now() - begin };
}

function withoutPool(files) {
  const begin = performance.now();
  const measures = files.map((file) => measureFile(file));
  return { measures, time: performance.now() - begin };
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    if (positionals.length > 1) fail(`one folder at a time, please\n\n${USAGE}`);
    return { ...values, folder: positionals[0] ?? fileURLToPath(new URL('../../node_modules', import.meta.url)) };
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`);
  }
}

async function main() {
  const { folder, help = false, json = false } = options();
  if (help) return console.log(USAGE);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) fail(`${folder} is not a folder`);
  const files = javaScriptFiles(folder).map((file) => file.path);
  if (files.length === 0) fail(`there are no JavaScript files under ${folder}`);
  const note = json ? () => {} : (text) => console.error(text);

  // Read once, so that the first of the three runs does not pay for the disk.
  for (const file of files) readFileSync(file);

  const workers = cpuCount();
  note(`${files.length} files under ${path.resolve(folder)}\nall cores (${workers}) …`);
  const all = await withPool(workers, files, !json);
  note('one core …');
  const one = await withPool(1, files, !json);
  note('no pool …');
  const none = withoutPool(files);

  const report = summarize(files, all.measures);
  const times = { workers, allCores: all.time, oneCore: one.time, noPool: none.time };
  if (json) console.log(JSON.stringify({ folder: path.resolve(folder), ...report, times }, null, 2));
  else {
    console.log(table(report));
    if (report.unparsed.length > 0) console.log(`\nnot parsed:\n  ${report.unparsed.join('\n  ')}`);
    console.log(`\n${comparison(times)}`);
  }

  const answers = [all, one, none].map(({ measures }) => JSON.stringify(measures));
  if (new Set(answers).size !== 1) {
    console.error('the three runs do not agree');
    process.exitCode = 1;
  }
}

await main();
