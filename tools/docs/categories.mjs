// A plugin of typedoc: sorts what lib/index.ts exports into the groups that a reader looks for, by the folder that declares it,
// and leaves out what is only for printing objects in a console.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** From the path below lib/ to its group; the first that matches. */
const GROUPS = [
  [/^base\/errors/, 'Errors'],
  [/^pool\//, 'Pools'],
  [/^(?:process\/|context|runtime\/(?:host|started-process))/, 'Processes and contexts'],
  [/^(?:transport\/|runtime\/current-task)/, 'Functions and tasks'],
  [/^queue\//, 'Queues and pipes'],
  [/^sync\//, 'Locks and their relatives'],
  [/^(?:manager|container)\//, 'Managers'],
  [/^memory\/share(?:able|d-memory)/, 'Named memory'],
  [/^(?:memory|vector)\//, 'Numbers and kernels'],
  [/^heap\//, 'Shared heap'],
];

function groupOf(project, reflection) {
  const file = project.getSymbolIdFromReflection(reflection)?.packagePath.replace(/^lib\//, '') ?? '';
  const group = GROUPS.find(([pattern]) => pattern.test(file));
  if (group === undefined) throw new Error(`tools/docs/categories.mjs must name a group for lib/${file}`);
  return group[1];
}

/** Errors as one list; typedoc has a heading for each and would leave out their types. */
function listErrors(comment) {
  const errors = comment.getTags('@throws');
  if (errors.length === 0) return;
  const items = errors.flatMap(({ typeAnnotation, content }) => [
    { kind: 'text', text: `- ${typeNames(typeAnnotation)} ` },
    ...content,
    { kind: 'text', text: '\n' },
  ]);
  comment.removeTags('@throws');
  comment.blockTags.push(new CommentTag('@throws', items));
}

/** `{TypeError | RangeError}` in code font. */
function typeNames(annotation = '') {
  const names = annotation.replaceAll(/[{}]/g, '').split('|');
  return names.map((name) => `\`${name.trim()}\``).join(' or ');
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.options.setValue(
    'categoryOrder',
    GROUPS.map(([, name]) => name),
  );
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const method of project.getReflectionsByKind(ReflectionKind.Method)) {
      if (method.name === '[custom]') project.removeReflection(method);
    }
    for (const { comment } of Object.values(project.reflections)) if (comment !== undefined) listErrors(comment);
    for (const reflection of project.children ?? []) {
      const group = new CommentTag('@category', [{ kind: 'text', text: groupOf(project, reflection) }]);
      // A function carries its comment at its signatures, yet is sorted by its own.
      reflection.comment ??= new Comment();
      reflection.comment.blockTags.push(group);
    }
  });
}
