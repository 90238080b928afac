# The worker's image; the simulator runs from it too. glibc, never Alpine: the Temporal SDK's native part is linked to it.
# The version is that of .env, which docker compose passes.
ARG NODE_VERSION=22.22.2

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm run build && npm prune --omit=dev --no-audit --no-fund
# The SDK brings native binaries for five platforms (148 MB); a container needs its own.
RUN cd node_modules/@temporalio/core-bridge/releases \
  && test -f "$(uname -m)-unknown-linux-gnu/index.node" \
  && find . -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node:${NODE_VERSION}-bookworm-slim
# tini as process 1 hands signals on and reaps; the SDK's native part reads the system's certificate authorities.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini=0.19.* ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /var/lib/snapflow
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV NODE_ENV=production SNAPFLOW_HEALTH_PORT=8080
USER node
# The health server answers inside the container only; a probe from outside needs SNAPFLOW_HEALTH_HOST=0.0.0.0.
# Alive, not ready: a worker that waits for Temporal must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SNAPFLOW_HEALTH_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/cli/main.js", "worker"]
