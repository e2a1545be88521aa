import type { Behaviour } from "./behaviour.ts";

/** A model as LiteLLM offers it. */
export interface Group {
  /** Name that users ask for. */
  readonly name: string;
  /** LiteLLM's provider and the provider's name of the model. */
  readonly provider: "ollama_chat" | "ollama" | "openai";
  readonly model: string;
  /** How the stand-in plays it; without one it was never pulled. */
  readonly behaviour?: Behaviour;
  /** Further parameters of LiteLLM's. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Nothing listens at its address. */
  readonly unreachable?: boolean;
}

const quick: Behaviour = { firstTokenSeconds: 0.2, tokens: 4, secondsPerToken: 0.1, inputTokens: 12 };
const fails = (status: number, error: string, quotes?: true): Behaviour => ({
  ...quick,
  firstTokenSeconds: 0.05,
  fault: { kind: "status", status, error, ...(quotes && { quotes }) },
});

/** What the model `confiding` says, and no other. */
export const confidence = "canary-answer-a363b8d13575";

/** Model of the chats that are answered. */
export const answering = "llama3.1";

/** Every model of the platform, those that fail among them. */
export const groups: readonly Group[] = [
  { name: answering, provider: "ollama_chat", model: "llama3.1:8b", behaviour: quick },
  { name: "nomic-embed-text", provider: "ollama", model: "nomic-embed-text", behaviour: quick },
  { name: "gpt-4o-mini", provider: "openai", model: "gpt-4o-mini", behaviour: quick },
  { name: "caller", provider: "ollama_chat", model: "caller:8b", behaviour: { ...quick, callsTools: true } },
  {
    name: "large",
    provider: "ollama_chat",
    model: "large:70b",
    behaviour: { ...quick, firstTokenSeconds: 4, secondsPerToken: 0.5 },
  },
  { name: "limited", provider: "ollama_chat", model: "limited:8b", behaviour: quick, parameters: { rpm: 1 } },
  {
    name: "boom",
    provider: "ollama_chat",
    model: "boom:1b",
    behaviour: fails(500, "llama runner process has terminated: exit status 2"),
  },
  {
    name: "boom-replaced",
    provider: "ollama_chat",
    model: "boom:2b",
    behaviour: fails(500, "llama runner process has terminated: exit status 2"),
  },
  { name: "busy", provider: "ollama_chat", model: "busy:1b", behaviour: fails(429, "too many requests") },
  { name: "locked", provider: "openai", model: "locked-1", behaviour: fails(401, "invalid API key") },
  { name: "absent", provider: "ollama_chat", model: "absent:1b" },
  { name: "dead", provider: "ollama_chat", model: "dead:1b", unreachable: true },
  {
    name: "slow",
    provider: "ollama_chat",
    model: "slow:1b",
    behaviour: { ...quick, firstTokenSeconds: 4 },
    parameters: { timeout: 1, stream_timeout: 1 },
  },
  {
    name: "broken",
    provider: "ollama_chat",
    model: "broken:1b",
    behaviour: { ...quick, fault: { kind: "breaks-off", afterTokens: 2 } },
  },
  {
    name: "confiding",
    provider: "ollama_chat",
    model: "confiding:1b",
    behaviour: { ...quick, says: confidence },
  },
  {
    name: "quoting",
    provider: "ollama_chat",
    model: "quoting:1b",
    behaviour: fails(500, "cannot read", true),
  },
  {
    name: "quoting-400",
    provider: "openai",
    model: "quoting-400",
    behaviour: fails(400, "cannot read", true),
  },
];

/** How the stand-in plays the models, by the provider's name. */
export const behaviours = (): Record<string, Behaviour> =>
  Object.fromEntries(
    groups.flatMap(({ model, behaviour }) => (behaviour ? [[model, behaviour] as const] : [])),
  );

/** The model as LiteLLM's spans of a call name it, by its group. */
export const providerModel = (group: string): string => {
  const { provider, model } = groups.find(({ name }) => name === group)!;
  return `${provider}/${model}`;
};
