import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call, Operation } from './operation';
import { unknownPathBody } from './errors';

/** Runs one call and writes its answer to the raw response. */
export type Serve = (operation: Operation, call: Omit<Call, 'id'>, reply: FastifyReply) => Promise<void>;

function queryOf(request: FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? '';
  const mark = url.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
}

/** The operation whose query values are all there; the most specific ones come first. */
function choose(operations: readonly Operation[], query: URLSearchParams): Operation | undefined {
  return operations.find(({ query: wanted }) =>
    Object.entries(wanted ?? {}).every(([name, value]) => query.getAll(name).includes(value)),
  );
}

function readCall(operation: Operation, request: FastifyRequest, query: URLSearchParams): Omit<Call, 'id'> {
  const requestId = request.headers['x-request-id'];
  return {
    operation: operation.name,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    params: request.params as Record<string, string>,
    query,
    headers: request.headers,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

/** A mistake of the simulator is said aloud: a caller that waits in vain would look for it in itself. */
function tellOwnFailure(response: ServerResponse, error: unknown): void {
  const text = `The simulator itself failed: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${text}\n`);
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'text/plain' }).end(text);
}

function specificity(operation: Operation): number {
  return Object.keys(operation.query ?? {}).length;
}

function byRoute(operations: readonly Operation[]): Operation[][] {
  const routes = new Map<string, Operation[]>();
  for (const operation of operations) {
    const route = `${operation.method} ${operation.path}`;
    routes.set(route, [...(routes.get(route) ?? []), operation]);
  }
  return [...routes.values()];
}

/** Mounts operations: one route per method and path, the operation within it chosen by query values. */
export function serveOperations(app: FastifyInstance, operations: readonly Operation[], serve: Serve): void {
  for (const group of byRoute(operations)) {
    const [first] = group;
    if (!first) continue;
    const ordered = group.toSorted((left, right) => specificity(right) - specificity(left));
    app.route({
      method: first.method,
      url: first.path,
      handler: async (request, reply) => {
        const query = queryOf(request);
        const operation = choose(ordered, query);
        if (!operation) return reply.code(404).send(unknownPathBody());
        reply.hijack();
        await serve(operation, readCall(operation, request, query), reply).catch((error: unknown) =>
          tellOwnFailure(reply.raw, error),
        );
        return reply;
      },
    });
  }
}
