/** Names, or ends of names, whose values are secrets. */
const secretName = new RegExp(
  [
    "passwords?|passwd|passphrase|(?:^|[_.-])pass|(?:^|[_.-])pwd|pgpass",
    "secrets?|secret[_-]?(?:access[_-]?)?keys?|private[_-]?keys?|account[_-]?key|access[_-]?keys?(?:[_-]?id)?|api[_-]?keys?",
    // The first token of an answer is none.
    "(?<!first)token|jwt|credentials?|authorization|connection[_-]?string|dsn",
  ]
    .map((names) => `(?:${names})$`)
    .join("|"),
  "i",
);

/** Whether a value of this name is a secret: `password`, `API_KEY`, `example.org/token`. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/** Texts that are secrets by their shape, whatever they are called. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ["an address with a password", /:\/\/[^\s/?#"'<>:@]{0,256}:[^\s/?#"'<>$][^\s/?#"'<>@]{0,256}@/],
  ["an address with a password", /(?<![\w.-])[\w.-]{1,64}:[^\s:@/"']{1,256}@(?:tcp|unix)\(/],
  ["an address with a key", /[?&](?:\w{0,32}token|\w{0,32}key|password|secret|sig|signature)=[^&\s$"']/i],
  ["a private key", /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/],
  // With a digit, as any but the words of a sentence has one: "Basic authentication".
  ["a token", /\b(?:Bearer|Basic) {1,4}(?=[\w.~+/=-]*\d)[\w.~+/=-]{8}/],
  ["a token", /\beyJ[\w-]{8,2048}\.[\w-]{8,4096}\.[\w-]{8}/],
  [
    "a token",
    /\b(?:gh[pousr]_\w{20}|github_pat_\w{20}|glsa_\w{20}|sk-[\w-]{20}|xox[abp]-[\w-]{10}|pul-[0-9a-f]{40})/,
  ],
  ["an access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
];

/** What a text has that is a secret by its shape, in words. */
export const secretsIn = (text: string): string[] =>
  shapes.filter(([, shape]) => shape.test(text)).map(([what]) => what);
