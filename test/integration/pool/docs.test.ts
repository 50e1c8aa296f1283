import { testExamplesOf } from '../doc-examples.js';

const pages = ['getting-started.md', 'functions.md', 'from-python.md', 'from-pools.md', 'performance.md'];
for (const page of pages) testExamplesOf(page);
