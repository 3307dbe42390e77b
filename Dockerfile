# syntax=docker/dockerfile:1
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY migrations migrations
COPY src src
COPY openapi.yaml ./
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="Self-hosted identity provisioning: SCIM 2.0 into organizations, teams and roles" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/var/lib/rollcall
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY openapi.yaml ./
COPY docs/idp docs/idp
COPY --chmod=0755 scripts/rollcall.sh /usr/local/bin/rollcall
# A named volume takes owner and mode of the directory it covers.
RUN install -d -o node -g node -m 0700 /var/lib/rollcall
USER node
VOLUME /var/lib/rollcall
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["rollcall"]
CMD ["serve"]
