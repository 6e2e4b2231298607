/**
 * Where the project is on the web: the one place that knows. As long as an address is not known, nothing that would
 * name it is made.
 */

/** @type {string | undefined} */
export const repository = undefined;

/** The documentation, with a slash at the end. @type {string | undefined} */
export const site = undefined;
