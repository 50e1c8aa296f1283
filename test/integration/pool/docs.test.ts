import { testExamplesOf } from '../doc-examples.js';

for (const page of ['getting-started.md', 'functions.md', 'from-python.md', 'from-pools.md']) testExamplesOf(page);
