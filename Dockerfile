# Carriageway with its live rooms, in a container; docs/operate.md tells how it is run. This image was never built where
# it was written: a test runs, or tries, each of its steps on a bare Debian (test/integration/server/dockerfile.test.ts).

# Debian 12 with a Node: its own is too old, and the media worker is built against this Debian's libraries.
FROM node:24-bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    meson ninja-build g++ perl pkg-config libssl-dev libuv1-dev libsrtp2-dev libflatbuffers-dev flatbuffers-compiler libabsl-dev \
 && rm -rf /var/lib/apt/lists/*
ENV XDG_CACHE_HOME=/var/cache
WORKDIR /opt/carriageway
COPY package.json package-lock.json ./
RUN npm install --no-save --ignore-scripts --omit=dev --no-audit --no-fund
# The worker before the page: it takes ten minutes, and changes with its recipe alone.
COPY src/server src/server
RUN npm run worker
COPY . .
# The build and its stamp: nothing is built when the container starts.
RUN node --input-type=module -e "(await import('./src/server/prepare.mjs')).ensurePageBuilt()"

FROM node:24-bookworm-slim
# What the worker is linked with, and ffmpeg for recordings and cameras that are fetched.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg libssl3 libuv1 libsrtp2-1 libabsl20220623 libnss3 libnspr4 \
 && rm -rf /var/lib/apt/lists/*
ENV XDG_CACHE_HOME=/var/cache
WORKDIR /opt/carriageway
COPY --from=build /var/cache/carriageway /var/cache/carriageway
COPY --from=build /opt/carriageway /opt/carriageway
RUN mkdir /recordings && chown node:node /recordings
USER node
VOLUME /recordings
EXPOSE 8080/tcp 44400-44403/tcp 44400-44403/udp
HEALTHCHECK --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/live/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# ANNOUNCE and LIVE_SECRET come from outside.
CMD ["node", "src/server/launch.mjs", "--host", "0.0.0.0", "--port", "8080", "--media-port", "44400", "--workers", "4", "--record", "/recordings", "--drain", "8"]
