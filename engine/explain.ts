/** The stack that an operation is for, and where its state is. */
export interface StackInBackend {
  readonly stack: string;
  /** The backend in words. */
  readonly backend: string;
}

/** What the Pulumi CLI prints when it cannot begin, which no event tells, and the sentence to show for it. */
const explanations: readonly {
  readonly pattern: RegExp;
  readonly explain: (operation: StackInBackend, match: RegExpExecArray) => string;
}[] = [
  {
    pattern: /currently locked by[\s\S]*?: created by (.+?) at (\S+)/,
    explain: ({ stack }, [, owner, since]) =>
      `Another run is changing the stack "${stack}": ${owner}, since ${since}. Run this again when it is done; ` +
      `if it was killed, first free the stack: pulumi cancel --stack ${stack}.`,
  },
  {
    pattern: /passphrase must be set/,
    explain: ({ stack }) =>
      `The stack "${stack}" has secrets, and their passphrase is missing: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  },
  {
    pattern: /incorrect passphrase/,
    explain: ({ stack }) =>
      `The passphrase is not that of the stack "${stack}": correct PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  },
  {
    pattern: /cluster is unreachable: ([^\n]*)/,
    explain: ({ stack }, [, reason = ""]) =>
      `The cluster of "${stack}" cannot be reached: ${sentence(reason)}`,
  },
  {
    // Of the HTTP API of Pulumi Cloud; of local files; of S3 and its like.
    pattern:
      /performing HTTP request: ([^\n]*)|(unable to open [^\n]*)|(read "\.pulumi[^\n]*)|(PULUMI_ACCESS_TOKEN must [^\n]*|problem logging in[^\n]*)/,
    explain: ({ backend }, [, ...reasons]) =>
      `The backend cannot be reached (${backend}): ${sentence(reasons.find((reason) => reason) ?? "")}`,
  },
];

/** One sentence in place of the CLI's words, where they are known; else undefined. */
export function explain(words: string, operation: StackInBackend): string | undefined {
  for (const { pattern, explain } of explanations) {
    const match = pattern.exec(words);
    if (match) return explain(operation, match);
  }
  return undefined;
}

const sentence = (words: string): string => `${words.trim().replace(/\.$/, "")}.`;
