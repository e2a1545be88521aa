/** How a model of the stand-in answers. */
export interface Behaviour {
  /** Seconds from the request to the first token. */
  readonly firstTokenSeconds: number;
  /** Tokens of an answer. */
  readonly tokens: number;
  /** Seconds from one token to the next. */
  readonly secondsPerToken: number;
  /** Tokens that a prompt is said to have. */
  readonly inputTokens: number;
  /** Whether it calls the first tool that it is offered. @default false */
  readonly callsTools?: boolean;
  /** What it says first, in place of a word like any other. */
  readonly says?: string;
  /** What goes wrong; nothing when not given. */
  readonly fault?: Fault;
}

/** What can go wrong with an answer. */
export type Fault =
  /** Answered with that status and body, at the time of the first token; one that `quotes` repeats the request in it. */
  | { readonly kind: "status"; readonly status: number; readonly error: string; readonly quotes?: true }
  /** The connection ends after so many tokens. */
  | { readonly kind: "breaks-off"; readonly afterTokens: number };

/** Seconds that a whole answer takes. */
export const secondsOf = ({ firstTokenSeconds, tokens, secondsPerToken }: Behaviour): number =>
  firstTokenSeconds + (tokens - 1) * secondsPerToken;
