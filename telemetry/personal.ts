import { attributes } from "./attributes.ts";

/** Something that spans tell of people, or of what they sent. */
export interface PersonalData {
  /** Names of the attributes that hold it; `*` stands for a number. */
  readonly attributes: readonly string[];
  readonly application: "Open WebUI" | "LiteLLM" | "both";
  /** What it is, as a phrase. */
  readonly holds: string;
  /** When it is there, as a phrase. */
  readonly when: string;
}

/**
 * What the applications record of people, with the variables of this stack. Prompts and answers are not among it.
 *
 * Seen on spans of Open WebUI 0.12.4 and LiteLLM 1.106.2 (`traffic/recorded`).
 */
export const personalData: readonly PersonalData[] = [
  {
    attributes: [attributes.clientEmail.name, attributes.clientId.name, attributes.clientRole.name],
    application: "Open WebUI",
    holds: "e-mail address, id and role of the user",
    when: "on every request of a signed-in user; Open WebUI has no switch for it",
  },
  {
    attributes: [attributes.clientAddress.name, "net.peer.ip", attributes.userAgent.name, "http.user_agent"],
    application: "both",
    holds: "address and browser of the caller, or of the proxy before it",
    when: "on every request",
  },
  {
    attributes: [attributes.userHeader.name, attributes.userId.name, attributes.endUserId.name],
    application: "both",
    holds: "id of the user",
    when: "on chats, with the headers that Open WebUI forwards",
  },
  {
    attributes: [attributes.chatHeader.name, attributes.conversation.name],
    application: "both",
    holds: "id of the chat",
    when: "on chats, with the headers that Open WebUI forwards",
  },
  {
    attributes: [attributes.keyHash.name],
    application: "LiteLLM",
    holds: "SHA-256 of the key, of a wrong one too",
    when: "on every request with a key",
  },
  {
    attributes: [
      attributes.errorMessage.name,
      attributes.errorStack.name,
      attributes.exceptionMessage.name,
      "exception.stacktrace",
    ],
    application: "LiteLLM",
    holds: "words of the provider, which may quote the request, and a stack trace",
    when: "on failed and refused requests",
  },
  {
    attributes: ["gen_ai.tool.*", "llm.request.functions.*"],
    application: "LiteLLM",
    holds: "name, description and parameters of each tool that the request offers the model",
    when: "on calls with tools, those of a browser's chat among them",
  },
];
