# syntax=docker/dockerfile:1
# One image for the web side and the worker; the command says which (compose.yaml).

FROM node:20.20.2-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs its install script, and some would download from elsewhere.
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund

FROM packages AS build
COPY . .
RUN node scripts/build.mjs
# Drops what only building and testing need. The build is identified by the hash of its sources, so those stay.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20.20.2-trixie-slim AS app
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    CHECKPOINT_DISABLE=1 \
    TIMMY_ENV_FILE=off \
    DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node /data
COPY --from=build --chown=node:node /app ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/api/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Without npm in between, so that Node itself receives the stop signal.
CMD ["node", "--max-semi-space-size=8", "--max-old-space-size=1024", "scripts/serve.mjs", "web"]
