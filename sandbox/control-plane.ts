import path from "node:path";
import { fileURLToPath } from "node:url";
import { keyFiles } from "./keys.ts";
import { answersOk } from "../clients/http.ts";
import type { Place, Service } from "./service.ts";

const stages = fileURLToPath(new URL("kwok/stages.yaml", import.meta.url));

const etcd: Service = {
  name: "etcd",
  program: "etcd",
  ports: ["etcd", "etcd-peer"],
  arguments: ({ folder, ports }) => {
    const client = loopback("http", ports["etcd"]);
    const peer = loopback("http", ports["etcd-peer"]);
    return [
      "--name=sandbox",
      `--data-dir=${folder.etcd}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=sandbox=${peer}`,
      // A sandbox may lose its last second when the machine loses power; in return it starts in half the time.
      "--unsafe-no-fsync",
      "--logger=zap",
      "--log-level=warn",
    ];
  },
  isHealthy: ({ ports }) => answersOk(`${loopback("http", ports["etcd"])}/health`),
};

/** Answers for the cluster; its objects are in etcd. */
export const apiServer: Service = {
  name: "kube-apiserver",
  program: "kube-apiserver",
  ports: ["api"],
  arguments: ({ folder, ports }) => {
    const keys = keyFiles(folder);
    return [
      `--etcd-servers=${loopback("http", ports["etcd"])}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${ports["api"]}`,
      `--cert-dir=${keys.certificates}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${keys.serviceAccountPublicKey}`,
      `--service-account-signing-key-file=${keys.serviceAccountKey}`,
      `--token-auth-file=${keys.tokens}`,
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.96.0.0/24",
      // Endpoints must not be loopback addresses, and nothing connects to this one.
      "--advertise-address=192.0.2.1",
    ];
  },
  isHealthy: ({ ports }) => answersOk(`${loopback("https", ports["api"])}/readyz`),
};

const controllerManager: Service = {
  name: "kube-controller-manager",
  program: "kube-controller-manager",
  ports: ["controller-manager"],
  arguments: (place) => [
    ...kubernetesClient(place, "controller-manager"),
    `--service-account-private-key-file=${keyFiles(place.folder).serviceAccountKey}`,
  ],
  isHealthy: ({ ports }) => answersOk(`${loopback("https", ports["controller-manager"])}/healthz`),
};

const scheduler: Service = {
  name: "kube-scheduler",
  program: "kube-scheduler",
  ports: ["scheduler"],
  arguments: (place) => kubernetesClient(place, "scheduler"),
  isHealthy: ({ ports }) => answersOk(`${loopback("https", ports["scheduler"])}/healthz`),
};

const kwok: Service = {
  name: "kwok",
  program: "kwok",
  ports: ["kwok"],
  arguments: ({ folder, ports }) => [
    `--kubeconfig=${folder.kubeconfig}`,
    `--config=${stages}`,
    "--manage-all-nodes=true",
    "--node-ip=127.0.0.1",
    `--server-address=127.0.0.1:${ports["kwok"]}`,
  ],
  isHealthy: ({ ports }) => answersOk(`${loopback("http", ports["kwok"])}/healthz`),
};

/** What must run, in this order, before there is an API to connect to. */
export const apiServices: readonly Service[] = [etcd, apiServer];

/** What works on the API's objects; each independent of the others. */
export const controllers: readonly Service[] = [controllerManager, scheduler, kwok];

/** Every process of the control plane. */
export const controlPlane: readonly Service[] = [...apiServices, ...controllers];

function kubernetesClient({ folder, ports }: Place, port: string): string[] {
  return [
    `--kubeconfig=${folder.kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports[port]}`,
    `--cert-dir=${path.join(folder.keys, port)}`,
    "--leader-elect=false",
  ];
}

function loopback(scheme: "http" | "https", port: number | undefined): string {
  return `${scheme}://127.0.0.1:${port}`;
}
