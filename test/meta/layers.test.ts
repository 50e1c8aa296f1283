import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkLib } from './layers/lib.js';
import { checkNative } from './layers/native.js';
import type { Finding } from './layers/tree.js';
import { projectRoot } from './project.js';

const lines = (findings: readonly Finding[]) => findings.map(({ file, message }) => `${file} ${message}`);

describe('layers of this project', () => {
  it('lets native/ include only downwards', () => {
    assert.deepEqual(lines(checkNative(projectRoot)), []);
  });

  it('lets lib/ import only downwards', () => {
    assert.deepEqual(lines(checkLib(projectRoot)), []);
  });
});

describe('the check of layers', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'layers-'));
    write('package.json', '{ "dependencies": { "acorn": "*", "node-gyp-build": "*" } }');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(file: string, text = ''): void {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Writes the files; native folders get their README and the sources their list, so that one rule is tested at a time. */
  function native(files: Record<string, string>): string[] {
    for (const [file, text] of Object.entries(files)) {
      write(`native/${file}`, text);
      write(`native/${file.split('/')[0]}/README.md`);
    }
    const sources = Object.keys(files).filter((file) => file.endsWith('.cc'));
    write('sources.txt', sources.map((file) => `native/${file}\n`).join(''));
    return lines(checkNative(root));
  }

  function lib(files: Record<string, string>): string[] {
    for (const [file, text] of Object.entries(files)) write(`lib/${file}`, text);
    return lines(checkLib(root));
  }

  describe('in native/', () => {
    it('accepts an include of a lower floor, by any spelling, and of the same folder', () => {
      const findings = native({
        'executor/pool.cc': '#include "pool.h"\n#include "native/queue/ring.h"\n  #  include "memory/heap.h"\n',
        'executor/pool.h': '#include "../base/check.h"\n#include <atomic>\n#include <stdint.h>\n',
        'queue/ring.h': '',
        'memory/heap.h': '',
        'base/check.h': '',
      });
      assert.deepEqual(findings, []);
    });

    it('refuses an include that goes up', () => {
      const findings = native({ 'base/check.h': '#include "native/memory/heap.h"', 'memory/heap.h': '' });
      assert.deepEqual(findings, ['native/base/check.h reaches up to native/memory/heap.h']);
    });

    it('keeps sync and queue apart', () => {
      assert.deepEqual(native({ 'sync/mutex.h': '#include "queue/ring.h"', 'queue/ring.h': '' }), [
        'native/sync/mutex.h reaches across to native/queue/ring.h',
      ]);
      assert.deepEqual(native({ 'sync/mutex.h': '', 'queue/ring.h': '#include "sync/mutex.h"' }), [
        'native/queue/ring.h reaches across to native/sync/mutex.h',
      ]);
    });

    it('refuses a cycle of files', () => {
      const findings = native({
        'base/a.h': '#include "b.h"',
        'base/b.h': '#include "c.h"',
        'base/c.h': '#include "a.h"',
      });
      assert.deepEqual(findings, [
        'native/base/a.h file cycle: native/base/a.h -> native/base/b.h -> native/base/c.h -> native/base/a.h',
      ]);
    });

    it('refuses a cycle of folders within one floor', () => {
      const findings = native({
        'platform/futex.h': '#include "linux/wait.h"',
        'platform/clock.h': '',
        'platform/linux/wait.h': '#include "platform/clock.h"',
      });
      assert.deepEqual(findings, [
        'native/platform folder cycle: native/platform -> native/platform/linux -> native/platform',
      ]);
    });

    it('refuses a folder that stands on no floor and an include that leads nowhere', () => {
      assert.deepEqual(native({ 'util/misc.h': '#include "gone.h"' }), [
        'native/util/misc.h includes "gone.h", which is not in native/',
        'native/util/misc.h stands on no floor',
      ]);
    });

    it('leaves the headers of the operating system to platform', () => {
      for (const header of ['unistd.h', 'sys/mman.h', 'linux/futex.h', 'pthread.h', 'windows.h', 'signal.h']) {
        assert.deepEqual(native({ 'platform/os.h': `#include <${header}>`, 'memory/heap.h': '' }), []);
        assert.deepEqual(native({ 'memory/heap.h': `#include <${header}>` }), [
          `native/memory/heap.h includes <${header}> outside native/platform`,
        ]);
      }
    });

    it('leaves the headers of Node to addon', () => {
      assert.deepEqual(native({ 'addon/main.cc': '#include <napi.h>', 'platform/os.h': '' }), []);
      assert.deepEqual(native({ 'addon/main.cc': '', 'platform/os.h': '#include <napi.h>' }), [
        'native/platform/os.h includes <napi.h> outside native/addon',
      ]);
    });

    it('wants every source in sources.txt, once, and no others', () => {
      native({ 'base/a.cc': '', 'base/b.cc': '' });
      write('sources.txt', 'native/base/a.cc\nnative/base/a.cc\nnative/base/gone.cc\n');
      assert.deepEqual(lines(checkNative(root)), [
        'native/base/b.cc is not in sources.txt',
        'sources.txt names native/base/gone.cc, which does not exist',
        'sources.txt names native/base/a.cc twice',
      ]);
      rmSync(path.join(root, 'sources.txt'));
      assert.deepEqual(lines(checkNative(root)), ['sources.txt is missing']);
    });

    it('wants a README.md in each folder', () => {
      native({ 'base/a.h': '' });
      rmSync(path.join(root, 'native/base/README.md'));
      assert.deepEqual(lines(checkNative(root)), ['native/base has no README.md']);
    });
  });

  describe('in lib/', () => {
    it('accepts imports of lower floors, of packages that are dependencies and of node:', () => {
      const findings = lib({
        'index.ts': "export * from './pool/pool.js';",
        'pool/pool.ts': "import type { Host } from '../runtime/host.js'; import { parse } from 'acorn/dist/acorn.js';",
        'runtime/host.ts': "import fs from 'node:fs'; import { native } from '#lib/binding/native.js';",
        'binding/native.ts': "import load from 'node-gyp-build'; export const native = load('x.node');",
      });
      assert.deepEqual(findings, []);
    });

    it('refuses static, type-only, dynamic and self imports that go up', () => {
      const findings = lib({
        'index.ts': '',
        'pool/pool.ts': '',
        'base/a.ts': "import '../pool/pool.js';",
        'base/b.ts': "import type { Pool } from '../pool/pool.js';",
        'base/c.ts': "const pool = await import('../pool/pool.js');",
        'base/d.ts': "import { Pool } from 'allcores';",
      });
      assert.deepEqual(findings, [
        'lib/base/a.ts reaches up to lib/pool/pool.ts',
        'lib/base/b.ts reaches up to lib/pool/pool.ts',
        'lib/base/c.ts reaches up to lib/pool/pool.ts',
        'lib/base/d.ts reaches up to lib/index.ts',
      ]);
    });

    it('lets units of the facade see each other, but not in a circle', () => {
      assert.deepEqual(lib({ 'pool/pool.ts': "import '../process/process.js';", 'process/process.ts': '' }), []);
      assert.deepEqual(lib({ 'pool/info.ts': '', 'process/process.ts': "import '../pool/info.js';" }), [
        'lib/pool folder cycle: lib/pool -> lib/process -> lib/pool',
      ]);
    });

    it('refuses undeclared packages, unprefixed built-ins, missing files and files on no floor', () => {
      const findings = lib({ 'helpers.ts': "import 'left-pad'; import 'fs'; import './gone.js';" });
      assert.deepEqual(findings, [
        "lib/helpers.ts imports 'left-pad', which is not in dependencies",
        "lib/helpers.ts imports 'fs' without node:",
        "lib/helpers.ts imports './gone.js', which is not in lib/",
        'lib/helpers.ts stands on no floor',
      ]);
    });

    it('lets only the binding load the addon, whatever the way', () => {
      const findings = lib({
        'pool/a.ts': "import load from 'node-gyp-build';",
        'pool/b.ts': "process.dlopen(module, 'x'); // not a.node",
        'pool/c.ts': "require('../build/allcores.node');",
        'binding/native.ts': "process.dlopen(module, './x.node');",
      });
      assert.deepEqual(findings, [
        "lib/pool/a.ts imports 'node-gyp-build' outside lib/binding",
        'lib/pool/b.ts loads an addon by dlopen outside lib/binding',
        "lib/pool/c.ts imports '../build/allcores.node', which is not in lib/",
        "lib/pool/c.ts names the addon '../build/allcores.node' outside lib/binding",
      ]);
    });
  });
});
