/** What was asked of the engine: of which stack, in which backend. */
export interface Asked {
  readonly stack: string;
  /** The backend in words. */
  readonly backend: string;
}

/** What the engine says when it cannot begin, and the sentence it is worth. */
const known: readonly {
  readonly says: RegExp;
  readonly means: (asked: Asked, match: RegExpExecArray) => string;
}[] = [
  {
    says: /currently locked by[\s\S]*?: created by (.+?) at (\S+)/,
    means: ({ stack }, [, owner, since]) =>
      `Another run is changing the stack "${stack}": ${owner}, since ${since}. Run this again when it is done; ` +
      `if it was killed, first free the stack: pulumi cancel --stack ${stack}.`,
  },
  {
    says: /passphrase must be set/,
    means: ({ stack }) =>
      `The stack "${stack}" has secrets, and their passphrase is missing: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  },
  {
    says: /incorrect passphrase/,
    means: ({ stack }) =>
      `The passphrase is not that of the stack "${stack}": correct PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  },
  {
    says: /cluster is unreachable: ([^\n]*)/,
    means: ({ stack }, [, reason = ""]) => `The cluster of "${stack}" cannot be reached: ${sentence(reason)}`,
  },
  {
    // Of the HTTP API of Pulumi Cloud; of local files; of S3 and its like.
    says: /performing HTTP request: ([^\n]*)|(unable to open [^\n]*)|(read "\.pulumi[^\n]*)|(PULUMI_ACCESS_TOKEN must [^\n]*|problem logging in[^\n]*)/,
    means: ({ backend }, [, ...reasons]) =>
      `The backend cannot be reached (${backend}): ${sentence(reasons.find((reason) => reason) ?? "")}`,
  },
];

/** One sentence in place of the engine's words, where they are known; else undefined. */
export function explain(words: string, asked: Asked): string | undefined {
  for (const { says, means } of known) {
    const match = says.exec(words);
    if (match) return means(asked, match);
  }
  return undefined;
}

const sentence = (words: string): string => `${words.trim().replace(/\.$/, "")}.`;
