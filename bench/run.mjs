/** All of them, one after the other. */
for (const name of ['overhead', 'queue', 'cycles']) await import(`./${name}.mjs`);
