# Two targets: `worker`, the default, and `simulator`. glibc, never Alpine: the Temporal SDK's native part is linked to it.
# The version is that of .env, which docker compose passes.
ARG NODE_VERSION=22.22.2

# npm ci wants the manifest of every workspace that the lock file names.
FROM node:${NODE_VERSION}-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY packages/dev-server/package.json packages/dev-server/
COPY packages/simulator/package.json packages/simulator/

FROM manifests AS build
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY packages packages
COPY src src
RUN npm run build

FROM manifests AS worker-packages
RUN npm ci --omit=dev --workspaces=false --ignore-scripts --no-audit --no-fund
# The SDK brings native binaries for five platforms (148 MB); a container needs its own.
RUN cd node_modules/@temporalio/core-bridge/releases \
  && test -f "$(uname -m)-unknown-linux-gnu/index.node" \
  && find . -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM manifests AS simulator-packages
RUN npm ci --omit=dev --workspace=packages/simulator --ignore-scripts --no-audit --no-fund

FROM node:${NODE_VERSION}-bookworm-slim AS runtime
# tini as process 1 hands signals on and reaps; the SDK's native part reads the system's certificate authorities.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini=0.19.* ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /var/lib/snapflow
WORKDIR /app
ENV NODE_ENV=production
ENTRYPOINT ["tini", "--"]

# It listens on loopback only, by design: what calls it shares its network.
FROM runtime AS simulator
COPY --from=simulator-packages /app/node_modules node_modules
COPY --from=build /app/packages/simulator/package.json packages/simulator/
COPY --from=build /app/packages/simulator/dist packages/simulator/dist
USER node
CMD ["node", "packages/simulator/dist/main.js"]

FROM runtime AS worker
COPY --from=worker-packages /app/package.json ./
COPY --from=worker-packages /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV SNAPFLOW_HEALTH_PORT=8080
# A worker's garbage is young: more room for it takes a tenth off the CPU time, for up to 192 MiB.
ENV NODE_OPTIONS=--max-semi-space-size=64
USER node
# The health server answers inside the container only; a probe from outside needs SNAPFLOW_HEALTH_HOST=0.0.0.0.
# Alive, not ready: a worker that waits for Temporal must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SNAPFLOW_HEALTH_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/cli/main.js", "worker"]
