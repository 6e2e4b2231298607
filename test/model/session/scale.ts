import process from 'node:process';

/** Whether all is to be tried that can be: by `npm run model:full`. That takes minutes, and both cores. */
export const isFull = process.env['MODEL'] === 'full';
