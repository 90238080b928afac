import { describeSession, LEGACY_REFUSAL, logIn, logOut, requireSession } from '../http/authenticate';
import { ForeignReply, type Call, type Operation, type Reply } from '../http/operation';
import { VapiError } from '../http/errors';
import { stsOperations } from '../sts/sts-operations';
import type { World } from '../world/world';
import { powerOperations, vmOperations } from './vm-operations';
import { placeOperations } from './place-operations';

const SESSION = '/api/session';

function sessionOperations(world: World): Operation[] {
  const { vcenterSessions: sessions, settings } = world;
  return [
    {
      name: 'vcenter.login',
      method: 'POST',
      path: SESSION,
      answer: (call) => logIn(world, sessions, call, world.clock.now()),
    },
    {
      name: 'vcenter.session',
      method: 'GET',
      path: SESSION,
      answer: (call) => describeSession(requireSession(sessions, settings, call), 0),
    },
    {
      name: 'vcenter.logout',
      method: 'DELETE',
      path: SESSION,
      answer: (call) => logOut(sessions, settings, call),
    },
  ];
}

const REST_SESSION = '/rest/com/vmware/cis/session';

/** The session resource of before 7.0 U2, which many clients still log in at: values are wrapped, errors are of old. */
function restSessionOperations(world: World): Operation[] {
  const wrapped =
    (answer: (call: Call) => Reply) =>
    (call: Call): Reply => {
      try {
        const { status, body, headers } = answer(call);
        return { status: status === 201 ? 200 : status, ...omitBody(body), ...(headers ? { headers } : {}) };
      } catch (error) {
        throw error instanceof VapiError && error.errorType === 'UNAUTHENTICATED'
          ? new ForeignReply({ ...LEGACY_REFUSAL, status: 401 })
          : error;
      }
    };
  return sessionOperations(world).map((operation) => ({
    ...operation,
    ...(operation.method === 'GET' ? { method: 'POST' as const, query: { '~action': 'get' } } : {}),
    path: REST_SESSION,
    answer: wrapped((call) => operation.answer(call)),
  }));
}

const omitBody = (body: unknown) => (body === undefined ? {} : { body: { value: body } });

/** What vCenter serves below `/api`, and the login of `/rest`. */
export function vcenterOperations(world: World): Operation[] {
  return [
    ...sessionOperations(world),
    ...restSessionOperations(world),
    ...stsOperations(world),
    ...vmOperations(world),
    ...powerOperations(world),
    ...placeOperations(world),
  ];
}
