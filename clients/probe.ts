import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

const timeoutMilliseconds = 2000;

/**
 * Whether a health endpoint on this machine answers 200. Its certificate is not looked at: nothing secret is sent.
 */
export function answersOk(url: string): Promise<boolean> {
  const { protocol } = new URL(url);
  const request = protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const outgoing = request(url, { rejectUnauthorized: false, agent: false, timeout: timeoutMilliseconds });
    outgoing.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve(false));
    outgoing.on("close", () => resolve(false));
    outgoing.end();
  });
}
