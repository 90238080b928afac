/** Enough to recognise an id; a caller may have sent a megabyte. */
const SHOWN_CHARACTERS = 100;

/** An id for a refusal, which is stored in the history and shown in lists. */
export const shortId = (id: string): string =>
  id.length <= SHOWN_CHARACTERS ? id : `${id.slice(0, SHOWN_CHARACTERS)}…`;
