/** A well-known symbol; where the engine has none yet, one that nobody will ask for. */
function wellKnown(name: 'dispose' | 'asyncDispose'): symbol {
  return (Symbol as Partial<SymbolConstructor>)[name] ?? Symbol.for(`Symbol.${name}`);
}

export const disposeSymbol: typeof Symbol.dispose = /* @__PURE__ */ wellKnown('dispose') as never;
export const asyncDisposeSymbol: typeof Symbol.asyncDispose = /* @__PURE__ */ wellKnown(
  'asyncDispose',
) as never;
