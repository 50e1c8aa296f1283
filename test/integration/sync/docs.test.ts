import { testExamplesOf } from '../doc-examples.js';

for (const page of ['locks.md', 'condition.md', 'event.md', 'barrier.md', 'value.md']) testExamplesOf(page);
