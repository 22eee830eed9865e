# One target a service, and one each for the command line and the demo's ET:
#   docker build --target loader -t ender-turing-etl-loader .
ARG NODE_IMAGE=node:24-bookworm-slim

# What all of them need at run time. Only a changed lock file or package.json makes this layer anew.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs its install script: better-sqlite3 brings its binaries along. Types, source maps, the binaries of other
# machines and the sources of SQLite are nothing that runs.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --ignore-scripts --no-progress \
 && find node_modules -type f -regex '.*\.\(map\|d\.[mc]?ts\)' -delete \
 && find node_modules/better-sqlite3/prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete \
 && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-progress
COPY tsconfig.json ./
COPY libs libs
COPY apps apps
COPY test test
# Types are checked by `npm run check`: here that would take most of the time.
RUN node_modules/.bin/tsc -p tsconfig.json --noCheck --incremental false --sourceMap false

FROM ${NODE_IMAGE} AS runtime
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY --from=build /app/dist/libs dist/libs
# The account `node` of the base image; by number, so that a cluster can see that it is not root.
USER 1000:1000
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="Ender Turing ETL" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM runtime AS service
ENV HTTP_HOST=0.0.0.0
# Ready, not merely alive: it says whether the service can do its work. Docker restarts nothing for it.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["node", "dist/libs/health/src/ask.js"]

FROM service AS extractor
LABEL org.opencontainers.image.title="ender-turing-etl-extractor" \
      org.opencontainers.image.description="Asks Ender Turing and publishes what it answers"
COPY --from=build /app/dist/apps/extractor dist/apps/extractor
ENV HTTP_PORT=8081
EXPOSE 8081
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "dist/apps/extractor/src/main.js"]

FROM service AS transformer
LABEL org.opencontainers.image.title="ender-turing-etl-transformer" \
      org.opencontainers.image.description="Turns answers of Ender Turing into rows"
COPY --from=build /app/dist/apps/transformer dist/apps/transformer
ENV HTTP_PORT=8082
EXPOSE 8082
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "dist/apps/transformer/src/main.js"]

FROM service AS loader
LABEL org.opencontainers.image.title="ender-turing-etl-loader" \
      org.opencontainers.image.description="Merges rows into the database and keeps the ledger"
COPY --from=build /app/dist/apps/loader dist/apps/loader
ENV HTTP_PORT=8083
EXPOSE 8083
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "dist/apps/loader/src/main.js"]

# The command line is all three in one process as well.
FROM runtime AS cli
LABEL org.opencontainers.image.title="ender-turing-etl-cli" \
      org.opencontainers.image.description="et-etl: the operator's commands"
COPY --from=build /app/dist/apps dist/apps
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "dist/apps/cli/src/main.js"]
CMD ["--help"]

# For the demo and for tests: Ender Turing's API over a tenant that is made up.
FROM runtime AS emulator
LABEL org.opencontainers.image.title="ender-turing-etl-emulator" \
      org.opencontainers.image.description="An Ender Turing to try things against"
COPY --from=build /app/dist/test/emulator dist/test/emulator
EXPOSE 8090
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:8090/_emulator/stats').then(({ok}) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/test/emulator/main.js", "--host", "0.0.0.0", "--port", "8090"]
