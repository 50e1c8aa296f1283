import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import path from 'node:path';
import { cpuCount } from 'allcores';
import { allcores, damage, installedCopy, root, scratchFolder } from './support.js';

interface Info {
  readonly machine: { readonly platform: string; readonly environment: Record<string, string> };
  readonly library: Record<string, unknown> & { readonly failure?: { readonly message: string } };
}

describe('allcores info', function () {
  this.timeout(40_000);
  const scratch = scratchFolder();

  it('tells what the library and the system say', async () => {
    const env = { ALLCORES_HEAP_LIMIT: '64M' };
    const { code, stdout, stderr } = await allcores(['info'], { env });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const facts = new Map(stdout.trimEnd().split('\n').map((line) => line.split(/ {2,}/, 2) as [string, string])); // prettier-ignore
    assert.ok(facts.get('Node')?.startsWith(`${process.version}, Node-API `));
    assert.ok(facts.get('platform')?.startsWith(`${process.platform} ${process.arch}`));
    assert.match(facts.get('binary') ?? '', /\.node, [\d.]+ MiB$/);
    assert.ok(facts.get('binary')?.startsWith(root));
    assert.ok(facts.get('processors')?.startsWith(`${cpuCount()} usable of ${cpus().length}`));
    assert.equal(facts.get('start methods'), 'thread, process');
    assert.match(facts.get('native threads') ?? '', /^\d+$/);
    assert.equal(facts.get('ALLCORES_HEAP_LIMIT'), '64M');
    for (const name of ['memory', '/dev/shm', 'limits', 'shared heap']) assert.ok(facts.has(name), name);
  });

  it('gives the same as JSON', async () => {
    const { code, stdout } = await allcores(['info', '--json']);
    assert.equal(code, 0);
    const { machine, library } = JSON.parse(stdout) as Info;
    assert.equal(machine.platform, process.platform);
    assert.equal(library['processors'], cpuCount());
    assert.equal(library['addon'], path.join(root, 'build', 'Release', 'allcores.node'));
  });

  it('says why there is no binary, and tells the rest', async () => {
    const copy = installedCopy(path.join(scratch, 'none'));
    const { code, stdout, stderr } = await allcores(['info'], { from: copy });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^binary +none: \S/m);
    assert.match(stdout, /^processors +\d+ usable of \d+/m);
    assert.match(stdout, /^start methods +unknown$/m);
    assert.doesNotMatch(stdout, /^ +at /m);
  });

  it('says why a binary does not load', async () => {
    const copy = installedCopy(path.join(scratch, 'damaged'));
    damage(copy);
    const { code, stdout } = await allcores(['info', '--json'], { from: copy });
    assert.equal(code, 0);
    const { library } = JSON.parse(stdout) as Info;
    assert.match(library.failure?.message ?? '', /file too short|invalid ELF header|not a mach-o/i);
  });
});
