/** A shutdown must not hang on a server that is gone; its sessions end by themselves. */
export const LOGOUT_DEADLINE_MS = 3_000;
