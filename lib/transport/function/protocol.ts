/** What a function becomes on its way to a worker. Plain data, except for the values in `captured` and `values`. */

/** Any function that may be a target; a class is constructed. */
// `never` parameters make every function type assignable to this one.
export type AnyFunction = ((...args: never[]) => unknown) | (new (...args: never[]) => unknown);

/** What a target is called, or constructed, with. */
export type ArgumentsOf<F extends AnyFunction> = F extends
  ((...args: infer A) => unknown) | (new (...args: infer A) => unknown)
  ? A
  : never;

/**
 * A function that is passed together with its arguments: `F` is its type, `P` what the arguments are. So parameters that
 * are not annotated have the types of the arguments.
 */
export type Target<F, P extends readonly unknown[]> = F & (((...args: P) => unknown) | (new (...args: P) => unknown));

export type FunctionDescriptor = SourceDescriptor | ModuleDescriptor | SyntheticDescriptor;

interface Described {
  /** Equal for functions of equal code: a worker compiles a key once. It says nothing about `captured`. */
  key: string;
  /** The function's `name`, for messages. */
  name: string;
  /** `file:line:column` of the code that the user wrote, where that is known. */
  at?: string;
  /** Names within its module that may be classes of errors: see class-registry.ts. */
  classes?: string[];
}

/** A closed function: it names its arguments and globals only. */
export interface SourceDescriptor extends Described {
  kind: 'source';
  /** An expression that evaluates to the function. */
  source: string;
  /** Whether it is strict-mode code. */
  strict: boolean;
  /** The values given with `task(fn, captured)`: raw, to be encoded by the value codec. */
  captured?: Record<string, unknown>;
}

/** An export of a module that the worker imports (or requires) itself. */
export interface ModuleDescriptor extends Described {
  kind: 'module';
  /** URL of the module, or a bare specifier that is resolved against `parent`. */
  url: string;
  /** Name of the export; {@link WHOLE_MODULE} where `module.exports` itself is the function. */
  exportName: string;
  /** A CommonJS module is required, which needs no promise. */
  format: 'esm' | 'cjs';
  /** URL of the file that named a bare specifier. */
  parent?: string;
}

/** A function with the imports and top-level declarations of its module that it needs, and nothing else of it. */
export interface SyntheticDescriptor extends Described {
  kind: 'synthetic';
  /** URL of the module they were taken from: what relative specifiers are resolved against. */
  url: string;
  /** Which text of that module. */
  version: string;
  format: 'esm' | 'cjs';
  strict: boolean;
  /** An expression that evaluates to the function within the module's scope. */
  source: string;
  /** Where `source` stands in the module; lines and columns count from 0. */
  line: number;
  column: number;
  imports: ImportPart[];
  /** In the order of the module. */
  declarations: DeclarationPart[];
  /** The module's `//# sourceMappingURL`, where stacks are mapped back to sources. */
  sourceMap?: string;
  captured?: Record<string, unknown>;
  /** Which of the imports and declarations are not evaluated, but get their values from `values`. */
  shared?: SharedPart[];
  /** The values of top-level names that hold shared objects: raw, to be encoded by the value codec. */
  values?: Record<string, unknown>;
}

/** An import or a declaration whose names hold shared objects, so that their values travel and not its code. */
export interface SharedPart {
  /** That of the import or declaration. */
  id: number;
  names: string[];
  /** Another one for each set of values that the names have had. */
  stamp: string;
}

/** One binding of an import declaration. */
export interface ImportPart {
  /** Where it stands in the module, which identifies it there. */
  id: number;
  specifier: string;
  /** Name of the export; `*` for the namespace. */
  imported: string;
  local: string;
  attributes?: Record<string, string>;
}

/** One top-level declaration, or one statement that completes the value of a declaration. */
export interface DeclarationPart {
  /** Where it stands in the module, which identifies it there. */
  id: number;
  /** The top-level names that it declares or completes. */
  names: string[];
  code: string;
  line: number;
  column: number;
  /** It awaits at top level. */
  async?: boolean;
}

export const WHOLE_MODULE = 'module.exports';

/** Name of the variable that holds the namespace of an import, for references that must see it change. */
export const namespaceOf = (part: { id: number }): string => `import$${part.id}`;

/** Name of the variable that holds the values of shared top-level names while declarations are evaluated. */
export const SHARED = 'shared$';

/** What stands for `import.meta` in code that is not a module: of the same length, so that columns stay true. */
export const IMPORT_META = 'import_meta';
