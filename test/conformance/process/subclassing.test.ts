import assert from 'node:assert/strict';
import { Process, SharedArray } from 'allcores';

/** Whose turn it is: 0 nobody's, 1 the process's, 2 the caller's, 3 it is to stop. */
class UpperCaser extends Process {
  readonly turn = new SharedArray('int32', 1);
  readonly text = new SharedArray('uint16', 100);

  override run(): void {
    for (;;) {
      const turn = Atomics.load(this.turn.view, 0);
      if (turn === 3) return;
      if (turn !== 1) continue;
      this.write(this.read().toUpperCase());
      Atomics.store(this.turn.view, 0, 2);
    }
  }

  write(text: string): void {
    this.text.fill(0);
    this.text.view.set(Array.from(text, (letter) => letter.charCodeAt(0)));
  }

  read(): string {
    return String.fromCharCode(...this.text).replace(/\0+$/, '');
  }

  submit(text: string): string {
    this.write(text);
    Atomics.store(this.turn.view, 0, 1);
    while (Atomics.load(this.turn.view, 0) !== 2);
    return this.read();
  }

  stop(): void {
    Atomics.store(this.turn.view, 0, 3);
  }
}

describe('as Python: a subclass of Process', () => {
  it('its two ends share its fields', async () => {
    const upperCaser = new UpperCaser();
    upperCaser.daemon = true;
    upperCaser.start();
    assert.equal(upperCaser.submit('hello'), 'HELLO');
    assert.equal(upperCaser.submit('world'), 'WORLD');
    upperCaser.stop();
    await upperCaser.join();
    assert.equal(upperCaser.exitCode, 0);
  });
});
