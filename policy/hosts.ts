import { repositoryOf } from "../release/images.ts";
import { ofContainers } from "./pods.ts";
import { decoded, ruleOfObjects, textOf, textsIn, type Text } from "./rule.ts";

/** Whether each host in an object is one of the settings': with them answered inside, a cluster without internet will do. */
export const declaredHosts = ruleOfObjects(
  {
    id: "declared-hosts",
    severity: "error",
    protects: "a cluster without internet, and data from being sent where nobody said",
    remedy:
      "Name only hosts that are settings, and images of the image table (release/images.ts) or tempo.image, from images.mirror where that is set.",
  },
  (object, { hosts, repositories }) => [
    ...textsIn(decoded(object))
      .filter(({ key }) => key !== "image")
      .flatMap((text) => hostsIn(text).map((host) => ({ host, path: text.path })))
      .filter(({ host }) => !hosts.has(host) && !isOwnMachine(host))
      .map(({ host, path }) => `${path} has the host ${host}`),
    ...ofContainers(object, ({ spec }) => {
      const image = textOf(spec["image"]);
      return repositories.has(repositoryOf(image))
        ? []
        : [`image ${image} is neither in the image table nor a setting`];
    }),
  ],
);

/** Fields of Kubernetes that are a host and nothing else. */
const hostFields = ["externalName", "host", "loadBalancerIP", "hostname"];

/** Hosts in URLs, in `host:port`, and in fields that hold one. */
function hostsIn({ key, text }: Text): string[] {
  const plain = text.replaceAll("\\/", "/").replace(/%3A%2F%2F/gi, "://");
  return [
    ...(hostFields.includes(key) && text !== "" ? [text] : []),
    // The part before an @ may be a password: it is not part of what is found.
    ...matches(
      plain,
      /\b[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/?#"'`<>@]{0,256}@)?(\[[^\]\s]{0,64}\]|[^\s/?#"'`<>,;:%\\)}]+)/gi,
    ),
    ...matches(plain, /(?<![\w:/.-])\/\/([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)/gi),
    ...matches(
      plain,
      /(?<![\w./@:-])((?:[a-z0-9][a-z0-9-]{0,62}\.){1,20}[a-z0-9-]{1,63}):\d{1,5}(?![\w.:-])/gi,
    ),
  ].filter((host, index, all) => all.indexOf(host) === index);
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, host]) => host!);

/** Addresses that a program listens on, or by which it reaches itself. */
const isOwnMachine = (host: string): boolean =>
  ["0.0.0.0", "[::]", "127.0.0.1", "[::1]", "localhost"].includes(host);
