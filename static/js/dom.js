// The one shorthand.

export const $ = (selector, root = document) => root.querySelector(selector);

/** Where a row of a list stands, with what picks it. */
export const LINE = ".row-line, tr";
