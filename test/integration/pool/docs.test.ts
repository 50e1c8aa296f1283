import { testExamplesOf } from '../doc-examples.js';

const PAGES = [
  '../README.md',
  'index.md',
  'getting-started.md',
  'functions.md',
  'from-python.md',
  'from-pools.md',
  'performance.md',
  'pool.md',
  'errors.md',
];

for (const page of PAGES) testExamplesOf(page);
