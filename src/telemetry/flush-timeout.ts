/** Milliseconds that a server which stops has for sending its last spans and reports; well within `GRACE`. */
export const FLUSH_TIMEOUT = 2_000;
