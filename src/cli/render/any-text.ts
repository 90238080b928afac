import { jsonText } from '../../contract/text';

/** A value that should be a text, as text: what another program stored may be anything that JSON can say. */
export const anyText = (value: unknown): string => (typeof value === 'string' ? value : jsonText(value));
