// What bench/ installs for itself is not there when the types are checked: to them it is anything.
declare module '@observablehq/plot';
declare module 'esbuild';
declare module 'linkedom';
