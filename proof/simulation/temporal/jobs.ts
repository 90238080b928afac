/** Activation jobs and commands as the SDK's runtime takes and gives them; only the members that are used here. */
export type TaskOwnerJob =
  | { readonly variant: 'initializeWorkflow'; readonly initializeWorkflow: object }
  | { readonly variant: 'fireTimer'; readonly fireTimer: { readonly seq: number } }
  | {
      readonly variant: 'resolveActivity';
      readonly resolveActivity: { readonly seq: number; readonly result: object };
    }
  | {
      readonly variant: 'resolveChildWorkflowExecutionStart';
      readonly resolveChildWorkflowExecutionStart: {
        readonly seq: number;
        readonly succeeded?: object;
        readonly failed?: object;
      };
    }
  | { readonly variant: 'cancelWorkflow'; readonly cancelWorkflow: object }
  | { readonly variant: 'doUpdate'; readonly doUpdate: object };

interface Span {
  readonly seconds?: { toNumber(): number } | number | null;
  readonly nanos?: number | null;
}

interface Payload {
  readonly data?: Uint8Array | null;
}

/** Exactly one member is set. */
export interface WorkflowCommand {
  readonly scheduleActivity?: {
    readonly seq: number;
    readonly activityType: string;
    /** `ActivityCancellationType`, a number. */
    readonly cancellationType?: number | null;
    readonly arguments: readonly Payload[];
    readonly startToCloseTimeout?: Span | null;
    readonly heartbeatTimeout?: Span | null;
    readonly scheduleToStartTimeout?: Span | null;
    readonly retryPolicy?: {
      readonly initialInterval?: Span | null;
      readonly backoffCoefficient?: number | null;
      readonly maximumInterval?: Span | null;
      readonly maximumAttempts?: number | null;
    };
  };
  readonly requestCancelActivity?: { readonly seq: number };
  readonly startTimer?: { readonly seq: number; readonly startToFireTimeout: Span };
  readonly cancelTimer?: { readonly seq: number };
  readonly startChildWorkflowExecution?: {
    readonly seq: number;
    readonly workflowId: string;
    readonly workflowType: string;
    readonly memo?: Readonly<Record<string, Payload>>;
  };
  readonly modifyWorkflowProperties?: {
    readonly upsertedMemo?: { readonly fields?: Readonly<Record<string, Payload>> };
  };
  readonly completeWorkflowExecution?: { readonly result?: Payload };
  readonly failWorkflowExecution?: { readonly failure?: object };
  readonly cancelWorkflowExecution?: object;
  readonly updateResponse?: object;
}

export function msOf(span: Span | null | undefined): number | undefined {
  if (span === null || span === undefined) return undefined;
  const seconds = typeof span.seconds === 'object' ? (span.seconds?.toNumber() ?? 0) : (span.seconds ?? 0);
  return seconds * 1_000 + (span.nanos ?? 0) / 1_000_000;
}
