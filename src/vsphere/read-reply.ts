import type { CallFailure } from './call-failure';
import type { WireReply } from './exchange';
import { serverRefusal, type ServerRefusal } from './server-refusal';
import type { VsphereCall } from './vsphere-call';

/**
 * 4000 machines have 16,000 values, 1000 tasks about 40,000. Small ones take many times their size on the wire as
 * objects: the limit in bytes alone would let a reply fill the memory.
 */
const MAX_VALUES = 200_000;

/** The value of a good reply, or the throw of what a bad one means. Nothing of a reply is used before this. */
export function readReply<T>(call: VsphereCall<T>, reply: WireReply, failure: CallFailure): T {
  const { status, text } = reply;
  if (status >= 300 && status < 400)
    throw failure.fromReply('interrupted', status, 'is a redirect, which is not followed');
  const tooMany = hasTooManyValues(text);
  const json = tooMany ? undefined : parseJson(text);
  if (status >= 400) throw failure.fromRefusal(status, refusalOf(call, serverRefusal(status, json?.value)));
  if (text === '' && call.emptyMeans) throw failure.fromRefusal(status, { kind: call.emptyMeans });
  if (call.reply === null) {
    if (text === '') return undefined as T;
    throw failure.fromReply(json ? 'malformed' : 'interrupted', status, 'should be empty and is not');
  }
  if (tooMany) throw failure.fromReply('malformed', status, `holds more than ${MAX_VALUES} values`);
  if (!json) throw failure.fromReply(looksLikeHtml(text) ? 'interrupted' : 'malformed', status, 'is no JSON');
  const parsed = call.reply.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  throw failure.fromReply(
    'malformed',
    status,
    `does not read: ${where === '' ? 'the body' : where}: ${issue?.message}`,
  );
}

function refusalOf(call: VsphereCall<unknown>, refusal: ServerRefusal): ServerRefusal {
  if (call.login !== true) return refusal;
  const { kind } = refusal;
  if (kind === 'unauthenticated' || kind === 'forbidden') return { ...refusal, kind: 'login-refused' };
  // A server that does not know the login is another one than the URL should lead to, or an older release.
  return kind === 'invalid-argument' || kind === 'not-found' ? { ...refusal, kind: 'malformed' } : refusal;
}

/** Whether it begins or parts more values than any reply has; those within texts count too, which are few. */
function hasTooManyValues(text: string): boolean {
  if (text.length <= MAX_VALUES) return false;
  let values = 0;
  for (let at = 0; at < text.length && values <= MAX_VALUES; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) values += 1;
  }
  return values > MAX_VALUES;
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

const looksLikeHtml = (text: string): boolean => text.trimStart().startsWith('<');

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
