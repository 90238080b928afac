/** One call of Temporal's API as the pass-through sees it. */
export interface Rpc {
  /** Without its service: `RespondActivityTaskCompleted`. */
  readonly method: string;
  readonly request: Buffer;
  /** Present once the server has answered it with success. */
  readonly response?: Buffer;
}

/** What the pass-through does with a call at a moment; `lost` tears the connection, as a broken line does. */
export type RpcAnswer =
  | 'go-on'
  | 'lost'
  | { readonly grpcStatus: number; readonly message: string }
  /** Answers with this message in the server's place. */
  | { readonly response: Buffer };

/** `before`: the server has not seen the call. `after`: it has, and the caller has no answer. */
export type RpcMoment = 'before' | 'after';

export interface RpcRule {
  readonly moment: RpcMoment;
  readonly matches: (rpc: Rpc) => boolean;
  /** Matches that pass first. Default 0. */
  readonly skip?: number;
  /** How often the rule acts. Default 1. */
  readonly count?: number;
  readonly act: (rpc: Rpc) => RpcAnswer | Promise<RpcAnswer>;
}

/** A matcher of one method whose request, or whose answer, holds each of these texts as bytes. */
export const rpcOf =
  (method: string, ...texts: readonly string[]) =>
  (rpc: Rpc): boolean =>
    rpc.method === method &&
    texts.every((text) => rpc.request.includes(text) || rpc.response?.includes(text) === true);

export const UNAVAILABLE = { grpcStatus: 14, message: 'planted: unavailable' } as const;
export const RESOURCE_EXHAUSTED = { grpcStatus: 8, message: 'planted: resource exhausted' } as const;
export const PERMISSION_DENIED = { grpcStatus: 7, message: 'planted: permission denied' } as const;
