import { repositoryOf } from "../release/images.ts";
import { hostsNamedIn } from "./context.ts";
import { ofContainers } from "./pods.ts";
import { decoded, ruleOfObjects, textOf, textsIn, type Text } from "./rule.ts";

/** Whether each host in an object is one of the settings': with them answered inside, a cluster without internet will do. */
export const declaredHosts = ruleOfObjects(
  {
    id: "declared-hosts",
    severity: "error",
    protects: "a cluster without internet, and data from being sent where nobody said",
    remedy:
      "Name only hosts that are settings, and images of the image table (release/images.ts) or of settings (tempo.image, collector.image), from images.mirror where that is set.",
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

/** Hosts in a text; a field may be one as a whole. */
const hostsIn = ({ key, text }: Text): string[] =>
  hostFields.includes(key) && text !== "" ? [...new Set([text, ...hostsNamedIn(text)])] : hostsNamedIn(text);

/** Addresses that a program listens on, or by which it reaches itself. */
const isOwnMachine = (host: string): boolean =>
  ["0.0.0.0", "[::]", "127.0.0.1", "[::1]", "localhost"].includes(host);
