import { request } from "node:https";

/** How to reach an API server. */
export interface ApiAddress {
  /** `https://127.0.0.1:<port>` */
  server: string;
  token: string;
  /** PEM certificates to trust. */
  certificate: string;
}

/** A Kubernetes object, as far as every kind has the same fields. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; uid?: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** An answer of the API server that is not 2xx. */
export class ApiError extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, reason: string) {
    super(`${method} ${path}: ${status} ${reason}`);
    this.name = "ApiError";
    this.status = status;
  }
}

/** Which objects: a kind, and optionally one namespace or one name. */
export interface ObjectQuery {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
}

const timeoutSeconds = 20;

/** A small client for the API server: objects of any kind, by path or by kind. */
export class ApiClient {
  readonly #address: ApiAddress;
  readonly #kinds = new Map<string, Promise<ApiResource[]>>();

  constructor(address: ApiAddress) {
    this.#address = address;
  }

  /**
   * Sends a request to a path such as `/api/v1/namespaces`.
   *
   * @throws ApiError when the answer is not 2xx
   */
  async send<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
  ): Promise<T> {
    const answer = await this.#exchange(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
      type,
    );
    if (answer.status < 200 || answer.status > 299) {
      throw new ApiError(method, path, answer.status, messageOf(answer.text));
    }
    return (answer.type.includes("json") ? JSON.parse(answer.text) : answer.text) as T;
  }

  /** The object at a path, undefined when there is none. */
  async get<T = KubernetesObject>(path: string): Promise<T | undefined> {
    return this.send<T>("GET", path).catch(unlessMissing);
  }

  /** Deletes the object at a path; it may take its controllers a while to be gone. Nothing there is no error. */
  async delete(path: string): Promise<void> {
    await this.send("DELETE", path).catch(unlessMissing);
  }

  /** Creates an object, or changes it into what is given (server-side apply). */
  async apply(object: KubernetesObject): Promise<KubernetesObject> {
    const path = await this.path({
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace: object.metadata.namespace,
      name: object.metadata.name,
    });
    return this.send(
      "PATCH",
      `${path}?fieldManager=sandbox&force=true`,
      object,
      "application/apply-patch+yaml",
    );
  }

  /**
   * All objects of a kind, in one namespace or in all.
   *
   * @param labels - A label selector, such as `app=tempo,tier!=test`. @default any labels
   */
  async list(query: ObjectQuery, labels = ""): Promise<KubernetesObject[]> {
    const { items } = await this.send<{ items: KubernetesObject[] }>(
      "GET",
      `${await this.path(query)}?${new URLSearchParams({ labelSelector: labels }).toString()}`,
    );
    return items.map((item) => ({ ...item, apiVersion: query.apiVersion, kind: query.kind }));
  }

  /**
   * The path of an object, or of all objects of a kind.
   *
   * @throws ApiError when the API server does not know the API version
   * @throws Error when it does not know the kind
   */
  async path({ apiVersion, kind, namespace, name }: ObjectQuery): Promise<string> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = (await this.#resources(root)).find(
      (each) => each.kind === kind && !each.name.includes("/"),
    );
    if (resource === undefined) {
      throw new Error(`The API server has no ${kind} in ${apiVersion}.`);
    }
    const scope = resource.namespaced && namespace !== undefined ? ["namespaces", namespace] : [];
    return [root, ...scope, resource.name, ...(name === undefined ? [] : [name])].join("/");
  }

  /** Every kind that can be listed, as API version and kind: for tests that compare all there is. */
  async kinds(): Promise<{ apiVersion: string; kind: string; namespaced: boolean }[]> {
    const { groups } = await this.send<{ groups: { preferredVersion: { groupVersion: string } }[] }>(
      "GET",
      "/apis",
    );
    const versions = ["v1", ...groups.map((group) => group.preferredVersion.groupVersion)];
    const found = versions.map(async (apiVersion) => {
      const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
      const resources = await this.#resources(root);
      return resources
        .filter(({ name, verbs }) => !name.includes("/") && verbs.includes("list"))
        .map(({ kind, namespaced }) => ({ apiVersion, kind, namespaced }));
    });
    return (await Promise.all(found)).flat();
  }

  #resources(root: string): Promise<ApiResource[]> {
    const known = this.#kinds.get(root);
    if (known !== undefined) {
      return known;
    }
    const asked = this.send<{ resources: ApiResource[] }>("GET", root).then(({ resources }) => resources);
    this.#kinds.set(root, asked);
    return asked;
  }

  #exchange(method: string, path: string, body: string | undefined, type: string): Promise<Answer> {
    const { server, token, certificate } = this.#address;
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, server), {
        method,
        ca: certificate,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) }),
        },
        timeout: timeoutSeconds * 1000,
      });
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer within ${timeoutSeconds} s`)),
      );
      outgoing.on("error", reject);
      outgoing.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"] ?? "",
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      outgoing.end(body);
    });
  }
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

interface Answer {
  status: number;
  type: string;
  text: string;
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) {
    return undefined;
  }
  throw error;
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
