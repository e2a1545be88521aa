import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority in a folder: `ca.crt`, `ca.key`. */
export const makeAuthority = (folder: string): void =>
  openssl(
    folder,
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=ca",
  );

/** Makes a certificate for names in the folder of an authority, as cert-manager would: `tls.crt`, `tls.key`. */
export function makeCertificate(authority: string, folder: string, ...names: string[]): void {
  writeFileSync(path.join(folder, "names"), `subjectAltName=${names.map((name) => `DNS:${name}`).join()}\n`);
  openssl(folder, "req", ...key, "-keyout", "tls.key", "-out", "request", "-subj", `/CN=${names[0]}`);
  const of = (file: string) => path.join(authority, file);
  openssl(
    folder,
    ...["x509", "-req", "-in", "request", "-out", "tls.crt", "-days", "2", "-extfile", "names"],
    ...["-CA", of("ca.crt"), "-CAkey", of("ca.key"), "-set_serial", String(Date.now())],
  );
}

const openssl = (folder: string, ...words: string[]): void =>
  void execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
