import assert from "node:assert/strict";
import { withoutSecrets } from "../../../cli/diff/secrets.ts";

const planted = "hunter2-PLANTED";

/** Names whose values are secrets, as variables, settings and files have them. */
const names = [
  ...[
    "password",
    "DB_PASSWORD",
    "basicAuthPassword",
    "passwd",
    "PASSPHRASE",
    "MYSQL_PASS",
    "MY_PWD",
    "PGPASS",
  ],
  ...["secret", "SECRETS", "client_secret", "S3_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "secureJsonData"],
  ...["token", "AUTH_TOKEN", "JWT", "API_KEY", "API_KEYS", "apiKey", "AWS_ACCESS_KEY_ID", "account_key"],
  ...["private-key", "credentials", "Authorization", "connectionString", "DATABASE_DSN", "encryptionsalt"],
];

/** Texts that hold a secret, and how they are shown. */
const texts: readonly (readonly [text: string, shown: string])[] = [
  [`postgres://me:${planted}@db/x`, "postgres://(secret)@db/x"],
  [`me:${planted}@tcp(db:3306)/x`, "me:(secret)@tcp(db:3306)/x"],
  [`me:${planted}@unix(/run/db.sock)/x`, "me:(secret)@unix(/run/db.sock)/x"],
  [`https://api/?access_token=${planted}&a=b`, "https://api/?access_token=(secret)&a=b"],
  [`Bearer ${planted}`, "Bearer (secret)"],
  [`--password=${planted}`, "--password=(secret)"],
  [`-api-key=${planted}`, "-api-key=(secret)"],
  [`serve --db.password ${planted} --port 80`, "serve --db.password (secret) --port 80"],
  [`serve --token="${planted} x" --port=80`, "serve --token=(secret) --port=80"],
];

/** What is no secret, whatever it sounds like. */
const ordinary: readonly unknown[] = [
  {
    max_tokens: 5,
    tokens: "7",
    passwordKey: "password",
    passwordEnv: "OPENOBSERVE_PASSWORD",
    usernameKey: "user",
  },
  { secretName: "s3", credentialsSecret: { name: "s3" }, imagePullSecrets: [{ name: "registry" }] },
  { name: "GOMEMLIMIT", value: "80" },
  { bypass: "yes", compass: "north", keyboard: "de", pwdFile: "/etc/x", tokenizer: "o200k" },
  ["--password-file=/etc/x", "--token-file", "/etc/y", "--config.expand-env=true", "-target=all"],
  "sum by (gen_ai_token_type) (rate(x[5m])) - 3",
  "litellm:4000@latest",
];

describe("secrets in what diff shows", () => {
  for (const name of names) {
    it(`are left out under the name ${name}, as a key, below it, as a variable and as an option`, () => {
      for (const value of [
        { [name]: planted },
        { [name]: { deep: [planted] } },
        { name, value: planted },
        ["serve", `--${name}`, planted],
        ["serve", `--${name}=${planted}`],
      ]) {
        const shown = JSON.stringify(withoutSecrets(value));
        assert.ok(!shown.includes(planted) && shown.includes("(secret)"), shown);
      }
      assert.equal(withoutSecrets(planted, ["env", `[${name}]`, "value"]), "(secret)");
    });
  }

  for (const [text, shown] of texts) {
    it(`are left out of ${text}`, () => assert.equal(withoutSecrets(text), shown));
  }

  it("are not seen where there are none", () => {
    for (const value of ordinary) assert.deepEqual(withoutSecrets(value), value);
    assert.equal(withoutSecrets("s3", ["tempo", "storage", "credentialsSecret", "name"]), "s3");
  });
});
