/** Of a visitor's line, code points: as many as the server takes. A test holds them together. */
export const SAY_LIMIT = 250;
