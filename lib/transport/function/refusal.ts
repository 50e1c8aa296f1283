import { FunctionTransportError } from '../../base/errors.js';

/** Names what cannot travel: `target "work" (file:3:5)`. */
export interface Subject {
  readonly name: string;
  readonly argument?: string | undefined;
  readonly at?: string | undefined;
}

export function refuse(subject: Subject, reason: string, mend: string): FunctionTransportError {
  const what = [subject.argument, subject.name ? `"${subject.name}"` : undefined].filter(Boolean).join(' ');
  const place = subject.at ? ` (${subject.at})` : '';
  return new FunctionTransportError(
    `function ${what || '(anonymous)'}${place} cannot travel to a worker: ${reason}; ${mend}`,
  );
}

export function refuseLocals(subject: Subject, locals: Iterable<string>): FunctionTransportError {
  const names = [...locals];
  const odd = names.filter((name) => name in ODD || name.startsWith('#'));
  if (odd.length > 0) {
    const reasons = odd.map((name) => ODD[name] ?? `it uses the private name ${name} of a class around it`);
    return refuse(
      subject,
      reasons.join(' and '),
      'move it to the top level of a module and pass what it needs as arguments',
    );
  }
  const list = names.map((name) => `"${name}"`).join(', ');
  const noun = names.length > 1 ? 'local variables' : 'local variable';
  return refuse(
    subject,
    `it captures the ${noun} ${list}`,
    `write task(fn, { ${names.join(', ')} }), or move ${names.length > 1 ? 'them' : 'it'} to the top level of the module`,
  );
}

const ODD: Record<string, string | undefined> = {
  this: 'it uses "this" of the function around it',
  arguments: 'it uses "arguments" of the function around it',
  'new.target': 'it uses "new.target" of the function around it',
  super: 'it uses "super" of a class or object around it',
};
