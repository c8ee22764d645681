# One image for every role: api, scheduler, worker, mock-entra, simulate.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY src/cli/bootstrap.mjs src/cli/
RUN node src/cli/bootstrap.mjs --install
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production PROVISOR_DATA_DIR=/data HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/prisma prisma
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 8444
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["api"]
