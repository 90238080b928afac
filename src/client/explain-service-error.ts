import { NamespaceNotFoundError } from '@temporalio/common';
import { GRPC, grpcError } from './grpc-error';
import { TemporalUnavailable } from './temporal-unavailable';

/** Where a call went. */
export interface Destination {
  /** `host:port`. */
  readonly address: string;
  /** Temporal namespace. */
  readonly namespace: string;
}

/** Turns a service error into one sentence with a remedy; anything else is returned as it is. */
export const explainServiceError = (error: unknown, { address, namespace }: Destination): unknown => {
  if (error instanceof TemporalUnavailable) return error;
  const grpc = grpcError(error);
  if (error instanceof NamespaceNotFoundError || isMissingNamespace(grpc)) {
    return new TemporalUnavailable(
      `The Temporal server at ${address} has no namespace ${namespace}: create it, or name another with --namespace or TEMPORAL_NAMESPACE.`,
      'namespace',
      { cause: error },
    );
  }
  if (grpc === undefined) return error;
  if (REFUSED.includes(grpc.code)) {
    return new TemporalUnavailable(
      `The Temporal server at ${address} refused access to the namespace ${namespace}: check TEMPORAL_API_KEY or the client certificate.`,
      'refused',
      { cause: error },
    );
  }
  if (!SILENT.includes(grpc.code)) return error;
  return new TemporalUnavailable(
    `The Temporal server at ${address} does not answer (${firstLine(grpc.details)}): check that it runs, the address (--address or TEMPORAL_ADDRESS) and TLS.`,
    'unreachable',
    { cause: error },
  );
};

const REFUSED: readonly number[] = [GRPC.PERMISSION_DENIED, GRPC.UNAUTHENTICATED];
const SILENT: readonly number[] = [GRPC.UNAVAILABLE, GRPC.DEADLINE_EXCEEDED, GRPC.RESOURCE_EXHAUSTED];

const isMissingNamespace = (grpc: { code: number; details: string } | undefined): boolean =>
  grpc?.code === GRPC.NOT_FOUND && /namespace .*not found/i.test(grpc.details);

/** gRPC details can carry a page of addresses. */
const firstLine = (details: string): string =>
  (details.split('\n', 1)[0] ?? '').slice(0, 160) || 'no details';
